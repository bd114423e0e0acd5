"""A reservation as people read it: alone, after a write, in a list, and what happened to it."""

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text
from cli.screens.people import pms_down
from cli.screens.quotes import nightly, party
from cli.screens.reader import Body, Reader
from domain.reservation import ReservationState
from integration.usecases.labels import board_label
from integration.usecases.marks import N_

_LAPSED = {ReservationState.HOLD: N_("On hold, lapsed"), ReservationState.OPTION: N_("Option, lapsed")}


def reservation(body: Body, t: Reader) -> Screen:
    """One reservation, with whatever a write or a look into the PMS adds to it."""
    return [
        Facts((*_who(body, t), *_stay(body, t), *_money(body, t))),
        *_outcome(body, t),
        *_in_pms(body, t),
        *pms_down(body, t),
        *_notes(body, t),
        *_history(body, t),
    ]


def state_of(body: Body, t: Reader) -> str:
    """The state in the reader's language; a deadline that has passed is said, whatever the sweep has done."""
    if body.get("overdue"):
        return t(_LAPSED[ReservationState(body["status"])])
    return t.name(ReservationState(body["status"]))


def _who(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    guest = body.get("guest")
    return (
        (t(N_("Reservation")), body["reservation_id"]),
        (t(N_("State")), state_of(body, t)),
        (t(N_("Until")), t.instant(body["expires_at"], body["hotel_id"])),
        (t(N_("Number in the PMS")), body["pms_ref"]),
        (t(N_("Hotel")), body["hotel_id"]),
        (t(N_("Guest")), f"{guest['name']} ({guest['guest_id']})" if guest else body["guest_id"]),
    )


def _stay(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    return (
        (t(N_("Stay")), f"{t.day(body['check_in'])} – {t.day(body['check_out'])} ({body['nights']})"),
        (t(N_("Guests")), party(body, t)),
        (t(N_("Room")), f"{body['rooms']} × {body['room_type']}"),
        (t(N_("Rate")), body["rate_plan"]),
        (t(N_("Board")), board_label(t.phrases, t.language, body["board"])),
        (t(N_("Requests")), ", ".join(body["requests"])),
    )


def _money(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    return (
        (t(N_("Total")), t.money(body["total"])),
        (t(N_("Per night")), nightly(body["nightly"], t)),
        (t(N_("Deposit")), t.money(body["deposit_due"])),
        (t(N_("Paid")), t.money(body["paid"])),
        (t(N_("Guarantee")), body["guarantee"]),
    )


def _outcome(body: Body, t: Reader) -> list[Block]:
    """What a write says beside the reservation."""
    facts: list[tuple[str, object]] = []
    if "difference" in body:
        facts += [(t(N_("New total")), t.money(body["new_total"])), (t(N_("Difference")), t.money(body["difference"]))]
    if "penalty" in body:
        facts.append((t(N_("Penalty")), t.money(body["penalty"])))
    if "refund" in body:
        facts.append((t(N_("Refund")), t.money(body["refund"])))
    blocks: list[Block] = [Facts(tuple(facts))] if facts else []
    if body.get("front_desk"):
        blocks.append(Text(t(body["front_desk"])))
    if body.get("dry_run"):
        blocks.append(Text(t(N_("Nothing was written."))))
    if body.get("replayed"):
        blocks.append(Text(t(N_("This was done before under the same key; nothing was done now."))))
    return blocks


def cost(body: Body, t: Reader) -> Screen:
    """What a cancellation or change would cost, before anybody agrees to it."""
    return [Facts((*_who(body, t), *_stay(body, t))), *_outcome({**body, "dry_run": False}, t)]


def _in_pms(body: Body, t: Reader) -> list[Block]:
    there = body.get("in_pms")
    if there is None:
        return []
    rows = (
        (t(N_("State")), there["status"]),
        (t(N_("Guarantee")), there["guarantee_code"]),
        (t(N_("Stay")), f"{there['check_in']} – {there['check_out']}"),
        (t(N_("Room")), f"{there['rooms']} × {there['room_type']}"),
        (t(N_("Total")), t.money(there["total"])),
    )
    return [Heading(t(N_("In the PMS"))), Facts(rows)]


def _notes(body: Body, t: Reader) -> list[Block]:
    rows = tuple((t.instant(one["at"], body["hotel_id"]), one["actor"], one["text"]) for one in body.get("notes", ()))
    return [Heading(t(N_("Notes"))), Table((t(N_("At")), t(N_("Who")), t(N_("Note"))), rows)] if rows else []


def _history(body: Body, t: Reader) -> list[Block]:
    rows = tuple(
        (
            t.instant(one["at"], body["hotel_id"]), one["actor"], one["action"], one["from"], one["to"],
            ", ".join(f"{name}={value}" for name, value in one.get("detail", {}).items()),
        )
        for one in body.get("history", ())
    )  # fmt: skip
    headers = t.words(N_("At"), N_("Who"), N_("What"), N_("From"), N_("To"), N_("Detail"))
    return [Heading(t(N_("History"))), Table(headers, rows)] if rows else []


def history(body: Body, t: Reader) -> Screen:
    """What happened to a reservation."""
    return [Text(f"{body['reservation_id']}: {state_of(body, t)}"), *_history(body, t)]


def listing(body: Body, t: Reader) -> Screen:
    """Many reservations."""
    rows = tuple(_row(one, t) for one in body["reservations"])
    return [Table(_headers(t), rows) if rows else Text(t(N_("There are no reservations.")))]


def _headers(t: Reader) -> tuple[str, ...]:
    return t.words(
        N_("Reservation"),
        N_("State"),
        N_("Hotel"),
        N_("Arrival"),
        N_("Nights"),
        N_("Room"),
        N_("Rate"),
        N_("Total"),
        N_("Until"),
        N_("Number in the PMS"),
    )


def _row(one: Body, t: Reader) -> tuple[object, ...]:
    return (
        one["reservation_id"], state_of(one, t), one["hotel_id"], one["check_in"], one["nights"],
        f"{one['rooms']} × {one['room_type']}", one["rate_plan"], t.money(one["total"]),
        t.instant(one["expires_at"], one["hotel_id"]), one["pms_ref"],
    )  # fmt: skip


def swept(body: Body, t: Reader) -> Screen:
    """What a round of the sweep did."""
    if body["elsewhere"]:
        return [Text(t(N_("Another process is at it.")))]
    done = tuple(_row(one, t) for one in (*body["expired"], *body["adopted"]))
    left = tuple((one["reservation_id"], one["code"]) for one in body["left"])
    nothing = N_("Nothing lapsed.") if left else N_("Nothing was due.")
    return [
        Table(_headers(t), done) if done else Text(t(nothing)),
        Table((t(N_("Left")), t(N_("Why"))), left),
    ]


def noted(body: Body, t: Reader) -> Screen:
    """A note on a reservation, and whether the PMS has it too."""
    if body["in_pms"]:
        return [Text(t(N_("Noted, here and in the PMS.")))]
    return [Text(t(N_("Noted here; the PMS has not taken it.")))]
