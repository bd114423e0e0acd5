"""The agent's two documents: the screen with its fields and rights, and the flow of a sale with its errors.

Rights come from `domain.access`, samples of personal data from the view that fills the screen, errors from the table
that answers them: what a role may do here is what it may do.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cli.exit_codes import ExitCode, code_of
from cli.golive.kit_facts import KitFacts
from cli.golive.kit_said import said
from cli.reports.kit_parts import Grid, Row, Section, Sheet
from cli.reports.pdf import Cell
from domain.access import Actor, Permission, Role
from domain.availability import AlertLevel
from domain.case import CallOutcome
from domain.errors import DomainError
from domain.guest import ChannelIdentity, GuestId, GuestProfile, IdentityKind
from domain.reservation import MOVES
from integration.errors import ServiceError
from integration.http.problem import KINDS
from integration.usecases.views import guest_body

Body = dict[str, Any]
SAMPLE = GuestProfile(
    GuestId("gst_sample"), "Ayşe", "Yılmaz", "tr", "TR",
    (
        ChannelIdentity(IdentityKind.PHONE, "+905321112233"),
        ChannelIdentity(IdentityKind.EMAIL, "ayse@example.com"),
        ChannelIdentity(IdentityKind.INSTAGRAM_USER, "1789012345"),
    ),
    datetime(2027, 1, 1, tzinfo=UTC),
)  # fmt: skip
SHOWN = ("name", "phone", "email", "instagram_user")


def agent_screen(facts: KitFacts) -> Sheet:
    """The ten fields, the tabs, and who may see and do what."""
    text, common = _texts("agent-screen", facts)
    roles = tuple(common["roles"][role] for role in Role)
    head = (text["no"], text["field"], text["shows"], text["source"], text["keys"], *roles)
    widths = (0.6, 3, 5.2, 1.8, 3.6, 2.2, 2.2, 2.2)
    return Sheet(
        "agent-screen", text["title"], text["intro"],
        (
            Section(text["fields_heading"], (Grid(head, tuple(_fields(text, "fields")), widths),)),
            Section(text["tabs_heading"], (Grid(head, tuple(_fields(text, "tabs")), widths),)),
            Section(text["colours_heading"], (_colours(facts, text),)),
            Section(text["masks_heading"], (_masks(text, roles),)),
            Section(text["rights_heading"], (rights_grid(text, common),)),
            Section(text["users_heading"], (_users(facts, text, common),)),
        ),
    )  # fmt: skip


def _texts(slug: str, facts: KitFacts) -> tuple[Body, Body]:
    return said(slug, facts.language, facts.values), said("common", facts.language, facts.values)


def _fields(text: Body, part: str) -> Iterator[Row]:
    for number, one in enumerate(text[part], 1):
        keys = ", ".join(one["keys"])
        yield (
            str(number), Cell(one["name"], bold=True), one["shows"], text[one["source"]], keys,
            *(text[sight(role, one)] for role in Role),
        )  # fmt: skip


def sight(role: Role, field: Mapping[str, Any]) -> str:
    """What a role sees of a field: a name in the texts. `body`: the answer it stands in (a quote is for who sells);
    `personal`: of a person; `writes`: filled in by whoever sells."""
    actor = Actor("kit", role)
    if not actor.may(Permission.SELL if field["body"] == "quote" else Permission.READ):
        return "hidden"
    if field.get("personal"):
        body = guest_body(SAMPLE, actor) or {}
        if not body["masked"]:
            return "clear"
        return "masked_reveal" if actor.may(Permission.REVEAL) else "masked"
    return "writes" if field.get("writes") and actor.may(Permission.SELL) else "sees"


def _masks(text: Body, roles: tuple[str, ...]) -> Grid:
    bodies = [guest_body(SAMPLE, Actor("kit", role)) or {} for role in Role]
    rows = tuple((text["data_names"][name], *(_shown(body, name) for body in bodies)) for name in SHOWN)
    return Grid((text["data"], *roles), rows, (2, 3, 3, 3))


def _shown(body: Body, name: str) -> str:
    if name == "name":
        return str(body["name"])
    return next(str(one["value"]) for one in body["identities"] if one["kind"] == name)


def rights_grid(text: Body, common: Body) -> Grid:
    """Every permission, and which role has it."""
    rows = tuple(
        (text["rights"][permission], *(yes_no(Actor("kit", role).may(permission), common) for role in Role))
        for permission in Permission
    )
    return Grid((text["right"], *(common["roles"][role] for role in Role)), rows, (6, 1.5, 1.5, 1.5))


def yes_no(is_so: bool, common: Body) -> Cell:  # noqa: FBT001 - it is the thing said
    """In colour."""
    return Cell(common["yes"], "good") if is_so else Cell(common["no"], "soft")


def _colours(facts: KitFacts, text: Body) -> Grid:
    tones = {AlertLevel.RED: "bad", AlertLevel.YELLOW: "risk", AlertLevel.GREEN: "good"}
    rows = tuple((Cell(facts.reader.name(one), tone, bold=True), text["colours"][one]) for one, tone in tones.items())
    return Grid((text["colour"], text["shows"]), rows, (1.5, 9))


def _users(facts: KitFacts, text: Body, common: Body) -> Grid:
    rows = tuple(
        (common["roles"][role], ", ".join(facts.users[role]) or Cell(common["nobody"], "risk")) for role in Role
    )
    return Grid((text["role"], text["users"]), rows, (2, 9))


def reservation_flow(facts: KitFacts) -> Sheet:
    """The six steps, where a reservation can go, and every error."""
    text, _ = _texts("reservation-flow", facts)
    steps = tuple(
        (str(number), Cell(one["name"], bold=True), one["agent"], one["screen"], one["command"], one["done"])
        for number, one in enumerate(text["steps"], 1)
    )
    head = tuple(text[name] for name in ("no", "step", "agent", "screen", "command", "done"))
    results = tuple((facts.reader.name(one), text["results"][one]) for one in CallOutcome)
    return Sheet(
        "reservation-flow", text["title"], text["intro"],
        (
            Section(text["steps_heading"], (Grid(head, steps, (0.5, 2.6, 3.4, 3.6, 2.6, 3)),)),
            Section(text["moves_heading"], (_moves(facts, text),)),
            Section(text["results_heading"], (Grid((text["result"], text["needs"]), results, (2, 6)),)),
            Section(text["errors_heading"], (_errors(facts, text),)),
        ),
    )  # fmt: skip


def _moves(facts: KitFacts, text: Body) -> Grid:
    name = facts.reader.name
    rows = tuple(
        (name(state), ", ".join(name(one) for one in MOVES if one in to) or text["end"]) for state, to in MOVES.items()
    )
    return Grid((text["state"], text["leads_to"]), rows, (2, 8))


def errors() -> dict[str, type[DomainError | ServiceError]]:
    """Every error the rules and the world around can say, by its code."""
    return {cls.code: cls for cls in KINDS if issubclass(cls, DomainError | ServiceError)}


def _exit(cls: type[Exception]) -> ExitCode:
    return code_of(cls.__new__(cls))


def _errors(facts: KitFacts, text: Body) -> Grid:
    known = errors()
    rows = tuple(
        (
            ", ".join(map(str, one["steps"])) if one["steps"] != [0] else text["every"],
            facts.reader(KINDS[known[code]].title), one["do"], code,
            f"{int(_exit(known[code]))} / {KINDS[known[code]].status}",
        )
        for code, one in text["errors"].items()
    )  # fmt: skip
    head = (text["step"], text["says"], text["do"], text["code"], text["exit"])
    return Grid(head, rows, (1.2, 3, 6, 2.4, 1.4))
