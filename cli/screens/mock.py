"""The mock PMS as people read it."""

from datetime import UTC, datetime

from cli.screens.blocks import Facts, Screen, Table, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_
from integration.usecases.views import instant
from pms_mock.ledger import Entry


def seeded(body: Body, t: Reader) -> Screen:
    """What the mock holds now."""
    return [
        Facts(
            (
                (t(N_("Hotels")), body["hotels"]),
                (t(N_("Guest profiles")), body["profiles"]),
                (t(N_("Reservations")), body["reservations"]),
            )
        )
    ]


def emptied(_body: Body, t: Reader) -> Screen:
    """The mock is empty."""
    return [Text(t(N_("The mock PMS is empty.")))]


def sales(body: Body, t: Reader) -> Screen:
    """A stop-sale, or its end."""
    what = " ".join(code for code in (body["room_type"], body["rate_plan"]) if code) or t(N_("the whole house"))
    where = {"hotel": body["hotel_id"], "what": what, "start": t.day(body["from"]), "end": t.day(body["to"])}
    if body["closed"]:
        return [Text(t(N_("{hotel}: sales of {what} are closed from {start} to {end}."), **where))]
    if not body["lifted"]:
        return [Text(t(N_("{hotel}: there was no such stop-sale.")).format(hotel=body["hotel_id"]))]
    return [Text(t(N_("{hotel}: sales of {what} are open from {start} to {end}."), **where))]


def clock(body: Body, t: Reader) -> Screen:
    """What the mock's clock shows."""
    return [Text(t(N_("The mock PMS's clock shows {now}."), now=body["now"]))]


def entry_body(number: int, entry: Entry) -> Body:
    """One request the mock was asked."""
    return {
        "id": number,
        "at": instant(datetime.fromtimestamp(entry.at_ms / 1000, UTC)),
        "method": entry.method,
        "path": entry.path,
        "hotel": entry.hotel,
        "operation": entry.operation,
        "status": entry.status,
        "duration_us": entry.duration_us,
        "request_id": entry.request_id,
        "external_reference": entry.external_reference,
        "fault": entry.fault,
    }


def ledger(body: Body, t: Reader) -> Screen:
    """What the mock was asked."""
    rows = tuple(
        (
            one["id"],
            one["at"],
            one["hotel"],
            one["operation"],
            one["status"],
            one["duration_us"],
            one["external_reference"],
        )
        for one in body["entries"]
    )
    headers = t.words("#", N_("At"), N_("Hotel"), N_("Operation"), N_("Status"), "µs", N_("Reference"))
    return [Table(headers, rows) if rows else Text(t(N_("The mock PMS has not been asked anything.")))]


def night_audit(body: Body, t: Reader) -> Screen:
    """What the night audit did."""
    return [
        Facts(
            (
                (t(N_("Hotel")), body["hotel_id"]),
                (t(N_("No-shows")), len(body["no_show"])),
                (t(N_("Checked out")), len(body["checked_out"])),
            )
        )
    ]
