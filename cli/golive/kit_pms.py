"""Two documents about the PMS: how states are written and read, and how a wrong entry is undone."""

from collections.abc import Iterator
from typing import Any

from cli.golive.kit_agent import yes_no
from cli.golive.kit_facts import KitFacts
from cli.golive.kit_said import said
from cli.reports.kit_parts import Grid, Row, Section, Sheet, Words
from cli.reports.pdf import Cell
from domain.access import Actor, Permission, Role
from domain.reservation import Guarantee, ReservationState

Body = dict[str, Any]
LIMITS = (
    "hold", "option", "cut_off", "quote", "deposit", "group_rooms", "holds_most", "few_left", "max_nights", "settle",
    "rollback_most", "join",
)  # fmt: skip
ROLLBACK_RIGHTS = (
    ("plan_right", Permission.SELL),
    ("own_right", Permission.SELL),
    ("all_right", Permission.ROLLBACK),
    ("tell_right", Permission.ROLLBACK),
)


def status_mapping(facts: KitFacts) -> Sheet:
    """States, cancellations, readings, payments, lost reasons and limits, as the hotel file has them."""
    text, common = (said(one, facts.language, facts.values) for one in ("status-mapping", "common"))
    written = (text["state"], text["guarantee"], text["code"], text["description"], text["takes_room"], text["lasts"])
    code = (text["our_code"], text["code"])
    return Sheet(
        "status-mapping", text["title"], text["intro"],
        (
            Section(text["write_heading"],
                    (Grid(written, tuple(_written(facts, text, common)), (1.6, 1.6, 1.4, 3.4, 1.4, 4)),)),
            Section(text["read_heading"],
                    (Grid((text["pms_status"], common["meaning"]), tuple(_read(facts, text)), (2, 6)),)),
            Section(text["cancel_heading"],
                    (Grid((text["reason"], *code, text["description"]), tuple(_cancelled(facts, text)),
                          (3, 2, 2, 4)),)),
            Section(text["pay_heading"],
                    (Grid((common["meaning"], *code), tuple(_payments(facts)), (4, 2, 2)),)),
            Section(text["lost_heading"],
                    (Grid((text["reason"], *code, text["counts_as"]), tuple(_lost(facts, text)), (4, 2, 2, 2)),)),
            Section(text["limits_heading"],
                    (Grid((common["setting"], common["value"]),
                          tuple((text["limits"][one], str(facts.values[one])) for one in LIMITS), (6, 3)),)),
        ),
    )  # fmt: skip


def _written(facts: KitFacts, text: Body, common: Body) -> Iterator[Row]:
    known = {one.code: one for one in facts.file.guarantees}
    lasts = {ReservationState.HOLD: str(facts.values["hold"]), ReservationState.OPTION: str(text["option_until"])}
    for kind, code in facts.hotel.pms.guarantee_codes.items():
        state = ReservationState.CONFIRMED if isinstance(kind, Guarantee) else kind
        one = known.get(code)
        yield (
            Cell(facts.reader.name(state), bold=True), facts.reader.name(kind) if isinstance(kind, Guarantee) else "",
            code, one.description if one else "", yes_no(one is not None and one.reserve_inventory, common),
            lasts.get(state, str(text["until_arrival"])),
        )  # fmt: skip


def _read(facts: KitFacts, text: Body) -> Iterator[Row]:
    for status, reading in facts.file.status_mapping.read.items():
        yield status, text["reads"][reading]


def _cancelled(facts: KitFacts, text: Body) -> Iterator[Row]:
    called = {one.code: one.description for one in facts.file.cancel_reasons}
    for reason, code in facts.hotel.pms.cancel_codes.items():
        yield text["cancels"][reason], reason.value, code, called.get(code, "")


def _payments(facts: KitFacts) -> Iterator[Row]:
    for one in facts.file.codes.payment_methods:
        yield one.labels.get(facts.language), one.code, one.pms_code


def _lost(facts: KitFacts, text: Body) -> Iterator[Row]:
    for one in facts.hotel.lost_reasons.values():
        counts = text["denial"] if one.is_denial else text["regret"]
        yield one.labels[facts.language], one.code, one.pms_code, counts


def rollback(facts: KitFacts) -> Sheet:
    """The procedure, with the hotel's own limit and who may do what."""
    text, common = (said(one, facts.language, facts.values) for one in ("rollback", "common"))
    commands = tuple((one["happened"], one["command"]) for one in text["commands"])
    answers = tuple((one["says"], one["means"], Cell(one["do"], bold=True)) for one in text["answers"])
    rights = tuple(
        (text[name], *(yes_no(Actor("kit", role).may(needed), common) for role in Role))
        for name, needed in ROLLBACK_RIGHTS
    )
    roles = tuple(common["roles"][role] for role in Role)
    return Sheet(
        "rollback", text["title"], text["intro"],
        (
            Section(text["steps_heading"], (Words(tuple(text["steps"]), is_list=True), Words((text["closing"],)))),
            Section(text["commands_heading"], (Grid((text["happened"], text["command"]), commands, (4, 6)),)),
            Section(text["rights_heading"], (Grid((text["what"], *roles), rights, (6, 1.5, 1.5, 1.5)),)),
            Section(text["says_heading"], (Grid((text["says"], text["means"], text["do"]), answers, (4, 3, 4)),)),
            Section(text["training_heading"], (Words(tuple(text["training"]), is_list=True),)),
        ),
    )  # fmt: skip
