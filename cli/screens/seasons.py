"""Simulated seasons for people: figures with intervals and targets, differences, what matters most."""

from decimal import Decimal

from cli.screens.blocks import Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from cli.screens.scenarios import short
from integration.usecases.marks import N_

METRICS = {
    "contacts": N_("Contacts"),
    "service_level": N_("Telephone service level"),
    "bad_day_level": N_("Service level of a bad day (1 in 10)"),
    "asa_s": N_("Average speed of answer"),
    "abandonment_rate": N_("Callers who gave up"),
    "frt_s": N_("First response, 75 % within"),
    "frt_in_target": N_("First response within target"),
    "resolution_s": N_("Solved, 75 % within"),
    "handoff_rate": N_("Handed to the telephone"),
    "occupancy": N_("Occupancy of agents"),
    "agent_hours": N_("Agent hours at the desk"),
    "conversion": N_("Sales contacts that were sold"),
    "call_to_reservation_rate": N_("Calls that became a reservation"),
    "reservations": N_("Reservations"),
    "nights_sold": N_("Room nights"),
    "revenue": N_("Revenue"),
    "revenue_kept": N_("Revenue after cancellations and no-shows"),
    "basket_total": N_("Revenue of a reservation"),
    "basket_adr": N_("Revenue of a room night"),
    "cancellation_rate": N_("Cancelled"),
    "no_show_rate": N_("No-shows"),
    "lost_for_people": N_("Lost for want of people"),
    "lost_for_rooms": N_("Lost for want of rooms"),
    "lost_for_pms": N_("Could not be served: PMS down"),
    "lost_revenue_pms": N_("Revenue that waited for the PMS"),
    "lost_revenue_people": N_("Revenue lost for want of people"),
    "lost_revenue_rooms": N_("Revenue lost for want of rooms"),
    "wage_cost": N_("Cost of wages"),
}
STATUSES = {
    "pass": (N_("on target"), "green"),
    "fail": (N_("off target"), "red"),
    "at_risk": (N_("at risk"), "yellow"),
    "no_data": (N_("no data"), "yellow"),
}
CHANNELS = {
    "phone": N_("Telephone"),
    "whatsapp": "WhatsApp",
    "web_chat": N_("Web chat"),
    "instagram": "Instagram",
    "email": N_("E-mail"),
    "ota": N_("OTA messages"),
    "follow_up": N_("Follow-up calls"),
}
KNOBS = {
    "volume": N_("Contacts"),
    "handle_time": N_("Talk and handle times"),
    "wrap_up": N_("Wrap-up"),
    "patience": N_("Patience"),
    "unsolved_after_two_turns": N_("Unsolved after two turns"),
    "absence": N_("Absence"),
    "shrinkage": N_("Shrinkage"),
    "redial": N_("Redials"),
    "day_factor": N_("Busy and quiet days"),
    "conversion": N_("Conversion"),
    "lead_time": N_("Lead time"),
    "price": N_("Price"),
    "others_occupancy": N_("Rooms that others sell"),
}


def ran(body: Body, t: Reader) -> Screen:
    """Figures, intervals, targets, then the service level through the day."""
    headers = t.words(N_("Figure"), N_("Value"), N_("95 % interval"), N_("Target"), N_("Status"))
    currency = body["currency"]
    rows = tuple(
        (name_of(row["metric"], t), figure(row, "value", currency), _interval(row, currency), _target(row),
         _status(row["status"], t))
        for row in body["rows"]
    )  # fmt: skip
    halves = tuple(
        (row["half_hour"], figure({**row, "unit": "share"}, "value"), _interval({**row, "unit": "share"}))
        for row in body["half_hours"]
        if row["value"] is not None
    )
    return [
        _facts(body, t),
        Table(headers, rows),
        Heading(t(N_("Telephone service level by half hour"))),
        Table(t.words(N_("From"), N_("Value"), N_("95 % interval")), halves),
        *_capped(body, t),
    ]


def compared(body: Body, t: Reader) -> Screen:
    """B minus A."""
    changed = tuple(tuple(short(side) for side in one) for one in body["changed"])
    currency = body["currency"]
    headers = t.words(N_("Figure"), N_("A"), N_("B"), N_("Difference"), N_("95 % interval"), N_("Is it real?"))
    rows = tuple(
        (name_of(row["metric"], t), figure(row, "a", currency), figure(row, "b", currency),
         figure(row, "value", currency, signed=True), _interval(row, currency, signed=True), _real(t, row))
        for row in body["rows"]
    )  # fmt: skip
    return [
        _facts(body, t),
        Table((t(N_("Value of")), "A", "B"), changed),
        Table(headers, rows),
    ]


def tornado(body: Body, t: Reader) -> Screen:
    """The widest swing first."""
    currency = body["currency"]
    heading = f"{name_of(body['metric'], t)}: {figure(body, 'value', currency)}"
    headers = (t(N_("Assumption")), f"-{body['step']:.0%}", f"+{body['step']:.0%}", t(N_("Is it real?")))
    rows = tuple(
        (t(KNOBS[row["knob"]]), figure(row["down"], "value", currency, signed=True),
         figure(row["up"], "value", currency, signed=True), _real(t, row["down"], row["up"]))
        for row in body["rows"]
    )  # fmt: skip
    return [_facts(body, t), Heading(heading), Table(headers, rows)]


def _real(t: Reader, *rows: Body) -> Tone | str:
    """Whether a difference is more than chance; one replication cannot tell."""
    if any(row["real"] for row in rows):
        return Tone(t(N_("yes")), "green")
    return t(N_("no")) if any(row["low"] is not None for row in rows) else t(N_("not known"))


def name_of(metric: str, t: Reader) -> str:
    """A metric in words; a channel after it."""
    slug, _, channel = metric.partition(".")
    name = t(METRICS[slug]) if slug in METRICS else slug
    return f"{name}: {t(CHANNELS[channel]) if channel in CHANNELS else channel}" if channel else name


def figure(row: Body, key: str, currency: str = "", *, signed: bool = False) -> str:
    """A number in its unit."""
    value = row[key]
    if value is None:
        return ""
    sign = "+" if signed else ""
    match row["unit"]:
        case "share":
            return f"{value * 100:{sign}.1f} %"
        case "seconds":
            return f"{value:{sign},.0f} s"
        case "money":
            return f"{Decimal(value):{sign},.0f} {currency}".strip()
        case _:
            return f"{value:{sign},.1f}" if abs(value) < 100 else f"{value:{sign},.0f}"  # noqa: PLR2004


def _interval(row: Body, currency: str = "", *, signed: bool = False) -> str:
    if row["low"] is None:
        return ""
    return f"{figure(row, 'low', currency, signed=signed)} - {figure(row, 'high', currency, signed=signed)}"


def _target(row: Body) -> str:
    low, high = figure(row, "target_low"), figure(row, "target_high")
    if low and high:
        return f"{low} - {high}"
    return f">= {low}" if low else f"<= {high}" if high else ""


def _status(status: str | None, t: Reader) -> Tone | str:
    return Tone(t(STATUSES[status][0]), STATUSES[status][1]) if status else ""


def _facts(body: Body, t: Reader) -> Facts:
    return Facts(
        (
            (t(N_("Scenario")), body["scenario"]),
            (t(N_("Season")), f"{t.day(body['first'])} - {t.day(body['last'])}"),
            (t(N_("Seed")), body["seed"]),
            (t(N_("Replications")), body["replications"]),
        )
    )


def _capped(body: Body, t: Reader) -> Screen:
    if body["precision_reached"] is not False:
        return []
    return [Text(Tone(t(N_("The precision asked for was not reached: simulate more replications.")), "yellow"))]


def interval_of(row: Body) -> str:
    """The interval in the row's unit; empty without one."""
    return _interval(row)


def status_of(row: Body, t: Reader) -> Tone | str:
    """How its target stands; empty without one."""
    return _status(row["status"], t)
