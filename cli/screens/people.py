"""Guests, calls and users as people read them."""

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from domain.case import CallOutcome
from integration.usecases.marks import N_


def guest(body: Body, t: Reader) -> Screen:
    """One guest with what the hotel knows of him."""
    return [Facts(_guest(body, t)), *_known(body, t), *_unread(body, t)]


def _unread(body: Body, t: Reader) -> list[Block]:
    """What is missing when the hotel's PMS could not be asked."""
    if body.get("pms_read", True):
        return []
    return [Text(Tone(t(N_("The PMS did not answer: stays, preferences and notes may be missing.")), "yellow"))]


def _guest(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    return (
        (t(N_("Guest")), body["name"]),
        (t(N_("Id")), body["guest_id"]),
        (t(N_("Identities")), identities(body)),
        (t(N_("Language")), body["language"]),
        (t(N_("Nationality")), body["nationality"]),
        (t(N_("VIP")), t(N_("yes")) if body["vip"] else None),
        (t(N_("Segment")), body.get("segment")),
        (t(N_("Repeat guest")), t(N_("yes")) if body.get("repeat") else None),
    )


def identities(body: Body) -> str:
    """Numbers and addresses in one line."""
    return ", ".join(f"{one['value']} ({one['scope']})" if one["scope"] else one["value"] for one in body["identities"])


def _known(body: Body, t: Reader) -> list[Block]:
    stays = tuple(
        (
            one["check_in"],
            one["check_out"],
            one["hotel_id"],
            one["room_type"],
            one["rate_plan"],
            one["status"],
            t.money(one["total"]),
        )
        for one in body.get("stays") or body.get("history") or ()
    )
    headers = t.words(
        N_("Arrival"),
        N_("Departure"),
        N_("Hotel"),
        N_("Room"),
        N_("Rate"),
        N_("State"),
        N_("Total"),
    )
    wishes = ", ".join(f"{one['group']}/{one['code']}" for one in body.get("preferences", ()))
    blocks: list[Block] = [Heading(t(N_("Stays"))), Table(headers, stays)] if stays else []
    blocks.append(Facts(((t(N_("Preferences")), wishes),)))
    return [*blocks, *(Text(f"* {note}") for note in body.get("notes", ()))]


def guests(body: Body, t: Reader) -> Screen:
    """Guests that were found."""
    rows = tuple(_guest_row(one) for one in body["guests"])
    return [Table(_guest_headers(t), rows) if rows else Text(t(N_("No guest was found."))), *pms_down(body, t)]


def pms_down(body: Body, t: Reader) -> list[Block]:
    """What is missing while the PMS is down."""
    if "pms" not in body:
        return []
    return [Text(Tone(t(N_("The PMS is down: this is what is known here.")), "yellow"))]


def _guest_headers(t: Reader) -> tuple[str, ...]:
    return t.words(N_("Id"), N_("Guest"), N_("Language"), N_("Nationality"), N_("Identities"))


def _guest_row(one: Body) -> tuple[object, ...]:
    return (one["guest_id"], one["name"], one["language"], one["nationality"], identities(one))


def noted(body: Body, t: Reader) -> Screen:
    """A note on a guest."""
    return [Text(t(N_("Noted on guest {guest_id}."), guest_id=body["guest_id"]))]


def call(body: Body, t: Reader) -> Screen:
    """One call, and at its start the caller."""
    outcome = t.name(CallOutcome(body["outcome"])) if body["outcome"] else None
    facts = Facts(
        (
            (t(N_("Call")), body["call_id"]),
            (t(N_("Case")), body["case_id"]),
            (t(N_("Hotel")), body["hotel_id"]),
            (t(N_("Started")), t.instant(body["started_at"], body["hotel_id"])),
            (t(N_("Ended")), t.instant(body["ended_at"], body["hotel_id"])),
            (t(N_("Outcome")), outcome),
            (t(N_("Lost reason")), body["lost_reason"]),
            (t(N_("Due")), body["due"]),
        )
    )
    return [facts, *_caller(body, t)]


def _caller(body: Body, t: Reader) -> list[Block]:
    if body.get("guest"):
        return [Facts(_guest({**body, **body["guest"]}, t)), *_known(body, t), *_unread(body, t)]
    candidates = tuple(_guest_row(one) for one in body.get("candidates", ()))
    if candidates:
        return [Text(t(N_("Several guests have this number:"))), Table(_guest_headers(t), candidates)]
    if not body.get("pms_read", True):
        return [Text(Tone(t(N_("The PMS did not answer: the caller may be a guest whom it knows.")), "yellow"))]
    return [Text(t(N_("The caller is not known.")))] if "candidates" in body else []


def calls(body: Body, t: Reader) -> Screen:
    """Many calls."""
    rows = tuple(
        (
            one["call_id"], one["case_id"], one["actor"], one["direction"],
            t.instant(one["started_at"], one["hotel_id"]),
            t.name(CallOutcome(one["outcome"])) if one["outcome"] else t(N_("open")), one["lost_reason"], one["due"],
        )
        for one in body["calls"]
    )  # fmt: skip
    headers = t.words(
        N_("Call"),
        N_("Case"),
        N_("Who"),
        N_("Direction"),
        N_("Started"),
        N_("Outcome"),
        N_("Lost reason"),
        N_("Due"),
    )
    return [Table(headers, rows) if rows else Text(t(N_("There are no calls.")))]


def users(body: Body, t: Reader) -> Screen:
    """Users of the service."""
    rows = tuple(
        (one["name"], one["role"], t.instant(one["created_at"]), t.instant(one["revoked_at"]), one["tokens"])
        for one in body["users"]
    )
    headers = t.words(N_("User"), N_("Role"), N_("Added"), N_("Revoked"), N_("Tokens"))
    return [Table(headers, rows) if rows else Text(t(N_("There are no users.")))]


def user(body: Body, t: Reader) -> Screen:
    """One user, and a token that is shown this once."""
    return [
        Facts(
            (
                (t(N_("User")), body["name"]),
                (t(N_("Role")), body.get("role")),
                (t(N_("Revoked")), t(N_("yes")) if body.get("revoked") else None),
                (t(N_("Token")), body.get("token")),
            )
        ),
        *([Text(t(N_("Keep the token: it is shown this once.")))] if body.get("token") else []),
    ]


def audit(body: Body, t: Reader) -> Screen:
    """The newest audit rows."""
    rows = tuple(
        (one["at"], one["actor"], one["role"], one["via"], one["action"], _ids(one), ", ".join(one.get("fields", ())))
        for one in body["rows"]
    )
    headers = t.words(N_("At"), N_("Who"), N_("Role"), N_("Via"), N_("What"), N_("Ids"), N_("Fields"))
    return [Table(headers, rows) if rows else Text(t(N_("Nothing has been written yet.")))]


def _ids(row: Body) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.get("ids", {}).items())
