"""KPI reports, live figures and the rows behind a number, for people."""

from collections.abc import Mapping

from cli.screens.blocks import Facts, Heading, Row, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from domain.plan_words import plan_words
from integration.usecases.marks import N_

KPI_NAMES: Mapping[str, str] = {
    "call_volume_in": N_("Calls in"),
    "call_volume_out": N_("Calls out"),
    "contact_volume": N_("Contacts"),
    "asa_s": N_("Average speed of answer"),
    "abandonment_rate": N_("Callers who gave up"),
    "service_level": N_("Telephone service level"),
    "offers": N_("Offers"),
    "offer_to_sale_rate": N_("Offers that were sold"),
    "call_to_reservation_rate": N_("Calls that became a reservation"),
    "lead_to_reservation_rate": N_("Leads that were won"),
    "basket_total": N_("Revenue of a reservation"),
    "basket_adr": N_("Revenue of a room night"),
    "revenue": N_("Revenue"),
    "cancellation_rate": N_("Cancelled"),
    "no_show_rate": N_("No-shows"),
    "missed_lead_rate": N_("Missed leads"),
    "lost_reasons": N_("Lost leads"),
    "frt_s": N_("First response"),
    "handoff_rate": N_("Handed to the telephone"),
    "resolution_s": N_("Resolution"),
    "in_pms_before_call_end_rate": N_("In the PMS before the call ended"),
}
STANDINGS = {
    "met": (N_("on target"), "green"),
    "near": (N_("near the target"), "yellow"),
    "missed": (N_("off target"), "red"),
    "no_data": (N_("no data"), ""),
    "none": ("", ""),
}
DIMENSIONS = {
    "day": N_("Day"),
    "week": N_("Week"),
    "channel": N_("Channel"),
    "source": N_("Source"),
    "language": N_("Language"),
    "agent": N_("Agent"),
    "hotel": N_("Hotel"),
    "segment": N_("Segment"),
    "tag": N_("Tag"),
    "lost_reason": N_("Lost reason"),
}


def report(body: Body, t: Reader) -> Screen:
    """A report: the whole, then each dimension under its own heading."""
    from cli.screens.kpi_beside import beside_table, plan_told

    period, plan = body["period"], body["plan"]
    title = Heading(t(N_("KPIs, {first} to {last}"), first=t.day(period["from"]), last=t.day(period["to"])))

    def table(rows: list[Body], dimension: str = "") -> Table:
        return _table(rows, t, dimension) if plan is None else beside_table(rows, plan["currency"], t, dimension)

    screen: Screen = [title, *(plan_told(body, t) if plan else ()), table([r for r in body["rows"] if not r["by"]])]
    for dimension in dict.fromkeys(name for row in body["rows"] for name in row["by"]):
        rows = [row for row in body["rows"] if dimension in row["by"]]
        screen += [Heading(t(DIMENSIONS[dimension])), table(rows, dimension)]
    return [*screen, *_pms(body["pms"], t), *_small_print(body, t)]


def _table(rows: list[Body], t: Reader, dimension: str = "") -> Table:
    part = (t(DIMENSIONS[dimension]),) if dimension else ()
    headers = (
        t(N_("KPI")), *part, t(N_("Value")), t(N_("n")), t(N_("Open")), t(N_("50 % within")), t(N_("75 % within")),
        t(N_("90 % within")), t(N_("By the wall")), t(N_("Target")), "",
    )  # fmt: skip
    return Table(headers, tuple(_row(row, t, dimension) for row in rows))


def _row(row: Body, t: Reader, dimension: str) -> Row:
    part = (part_name(dimension, row["by"][dimension], t),) if dimension else ()
    return (
        t(KPI_NAMES[row["kpi"]]), *part, value_of(row, t), row["n"], row["open_n"] or "",
        length(row["p50"]), length(row["p75"]), length(row["p90"]), length(row["wall_p75"]), target_of(row, t),
        standing_of(row, t),
    )  # fmt: skip


def standing_of(row: Body, t: Reader) -> Tone | str:
    """How a line stands, in colour; empty where it has no target."""
    said, tone = STANDINGS[row["status"]]
    return Tone(t(said), tone) if tone else t(said) if said else ""


def part_name(dimension: str, key: str, t: Reader) -> str:
    """A part as people call it."""
    if not key:
        return t(N_("not known"))
    if dimension == "day":
        return t.day(key)
    if dimension == "lost_reason":
        return t.reason(key)
    return plan_words(t.language)(key) if dimension == "channel" else key


def value_of(row: Body, t: Reader) -> str:
    """A value in its unit, a share with its interval."""
    value, unit = row["value"], row["unit"]
    if value is None:
        return "-"
    if unit == "money":
        return t.money({"amount": value, "currency": row["currency"]})
    if unit == "seconds":
        return length(value)
    if unit == "share":
        low, high = (percent(row[end], t, 1) for end in ("low", "high"))
        return f"{percent(value, t, 1)} ({low} - {high})"
    return f"{value:.0f}"


def short_value(row: Body, t: Reader) -> str:
    """A value without its interval."""
    is_share = row["unit"] == "share" and row["value"] is not None
    return percent(row["value"], t, 1) if is_share else value_of(row, t)


def percent(share: float, t: Reader, places: int = 0) -> str:
    """A share as it is written in the reader's language: `42.9%`, `%42,9`."""
    text = f"{share * 100:.{places}f}"
    return f"%{text.replace('.', ',')}" if t.language == "tr" else f"{text}%"


def target_of(row: Body, t: Reader) -> str:
    """What a line is held to; `94% *`: the part inside its own, where there are several."""
    target, low = row["target"], row["target_low"]
    if target is None:
        return "" if row["in_target"] is None else f"{percent(row['in_target'], t)} *"
    if row["unit"] == "seconds":
        return f"< {length(target)}"
    return percent(target, t) if low is None or low == target else f"{percent(low, t)} - {percent(target, t)}"


def length(seconds: float | None) -> str:
    """`45 s`, `12:30`, `1:04:09`: seconds, minutes, hours."""
    if seconds is None:
        return ""
    whole = int(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _pms(pms: Body, t: Reader) -> Screen:
    """How far the PMS vouches for the report, and where it says something else."""
    if not pms["reservations"]:
        return []
    known = t(N_("{vouched} of {all}"), vouched=pms["vouched"], all=pms["reservations"])
    facts = Facts(
        (
            (t(N_("Reservations as the PMS has them")), known),
            (t(N_("Oldest answer of the PMS")), t.instant(pms["seen_at"])),
            (t(N_("PMS that did not answer")), ", ".join(pms["silent"])),
        )
    )
    rows = tuple(
        (one["reservation_id"], one["pms_ref"], name, one["here"][name], one["there"][name])
        for one in pms["differing"]
        for name in one["fields"]
    )
    headers = t.words(N_("Reservation"), N_("PMS number"), N_("Field"), N_("Here"), N_("In the PMS"))
    more: Screen = [Heading(t(N_("The PMS says otherwise; its word counts"))), Table(headers, rows)] if rows else []
    return [facts, *more]


def _small_print(body: Body, t: Reader) -> Screen:
    screen: Screen = []
    if any(row["target"] is None and row["in_target"] is not None for row in body["rows"]):
        screen.append(Text(t(N_("* Several targets: the part that was inside its own one; 75 % is on target."))))
    if body["rates"] is not None:
        screen.append(Text(_rates(body["rates"], t)))
    if body["uncounted"]:
        screen.append(Text(t(N_("{n} changes are not counted yet; ask again."), n=body["uncounted"])))
    return screen


def _rates(rates: Body, t: Reader) -> str:
    each = ", ".join(f"{name} {rate}" for name, rate in rates["one_is"].items())
    told = N_("In {into} at the rates of {day}: {rates}.")
    return t(told, into=rates["into"], day=t.day(rates["day"]), rates=each)


def explained(body: Body, t: Reader) -> Screen:
    """The rows behind a number."""
    name = t(KPI_NAMES[body["kpi"]])
    if not body["rows"]:
        return [Text(t(N_("Nothing counts for {kpi} in this period."), kpi=name))]
    ids = {"call": "call_id", "case": "case_id", "offer": "offer_id", "stay": "reservation_id"}
    rows = tuple(
        (
            one[ids[body["kind"]]], one.get("case_id") or "", one.get("day") or one.get("arrival") or "",
            part_name("channel", one["channel"], t), one["agent"], _adds(one["adds"]),
        )
        for one in body["rows"]
    )  # fmt: skip
    headers = t.words(N_("Record"), N_("Case"), N_("Day"), N_("Channel"), N_("Agent"), N_("Adds"))
    more = [Text(t(N_("More behind: --after {place}"), place=body["next"]))] if body["next"] else []
    return [Heading(name), Table(headers, rows), *more]


def _adds(adds: Body) -> str:
    if "seconds" in adds:
        return f"{'>= ' if adds['is_open'] else ''}{length(adds['seconds'])}"
    if "amount" in adds:
        return f"{adds['amount']} {adds['currency']} / {adds['n']}"
    return f"{adds['hits']} / {adds['n']}" if "hits" in adds else f"+{adds['n']}"


def refreshed(body: Body, t: Reader) -> Screen:
    """What was counted."""
    return [
        Facts(
            (
                (t(N_("Changes counted")), body["notes"]),
                (t(N_("Cases and records made anew")), body["families"]),
                (t(N_("Changes left")), body["left"]),
            )
        )
    ]
