"""The week, the pilot and proposed targets, for people at a terminal."""

from cli.reports.words import Words
from cli.screens.blocks import Facts, Heading, Row, Screen, Table, Text, Tone
from cli.screens.kpi import KPI_NAMES, length, part_name
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

TARGETS = {"first_response_s": N_("First response"), "resolution_s": N_("Resolution")}
VERDICTS = {
    "proposed": (N_("change"), "yellow"),
    "unchanged": (N_("stays"), "green"),
    "too_few": (N_("too few cases"), ""),
    "too_open": (N_("too many are open"), ""),
}
HELD = {"step": N_("a fifth at most"), "floor": N_("lowest allowed"), "ceiling": N_("highest allowed")}
STATES = {
    "proposed": N_("waits for approval"), "approved": N_("approved"), "declined": N_("declined"),
    "replaced": N_("replaced by a newer one"), "unchanged": N_("nothing to change"),
}  # fmt: skip


def week(body: Body, t: Reader) -> Screen:
    """What moved, three things to do, where the files are."""
    from cli.reports.kpi_plan_words import plan_headers, plan_rows
    from cli.reports.kpi_week import ACTIONS, SEASON
    from cli.reports.kpi_week_actions import action_words
    from cli.reports.kpi_week_words import WeekWords

    words = WeekWords(body, t)
    levels = {"good": "green", "bad": "red", "risk": "yellow"}

    def row(cells: list[object]) -> Row:
        return tuple(Tone(one.text, levels[one.tone]) if one.tone in levels else one.text for one in cells)  # type: ignore[attr-defined]

    screen: Screen = [Heading(words.title()), Text(words.subtitle())]
    screen += [Text(Tone(said, levels[tone]) if tone in levels else said) for said, tone in words.headlines()]
    screen.append(Table(words.move_headers(), tuple(row([*cells]) for cells in words.move_rows())))
    said = [Text(f"{place}. {title}: {why}") for place, (title, why) in enumerate(action_words(words), 1)]
    screen += [Heading(t(ACTIONS)), *said] if said else []
    if body["lost_reasons"]:
        screen.append(Table(words.reason_headers(), tuple(row([*cells]) for cells in words.reason_rows())))
    if body["plan"]:
        screen += [Heading(t(SEASON)), Table(plan_headers(words), tuple(row([*cells]) for cells in plan_rows(words)))]
    return [*screen, Facts((("HTML", body["html"]), ("PDF", body["pdf"])))]


def pilot(body: Body, t: Reader) -> Screen:
    """Day n of thirty, the worst line first."""
    over = t(N_("The pilot is over: {first} to {last}."), first=t.day(body["first"]), last=t.day(body["last"]))
    going = t(N_("Day {day} of {days}, to {last}."), day=body["day"], days=body["days"], last=t.day(body["last"]))
    screen: Screen = [Heading(t(N_("Pilot"))), Text(over if body["is_over"] else going)]
    if not body["rows"]:
        return [*screen, Text(t(N_("Nothing has been counted yet.")))]
    worst = next((one for one in body["rows"] if one["channel"] is not None and (one["short"] or 0) > 0), None)
    if worst is not None:
        sentence = N_("Worst bottleneck: {kpi}, {channel}; {short} short of the target.")
        told = {"kpi": t(KPI_NAMES[worst["kpi"]]), "channel": part_name("channel", worst["channel"], t)}
        screen.append(Text(Tone(t(sentence, **told, short=_points(worst["short"], t)), "red")))
    else:
        screen.append(Text(Tone(t(N_("Every channel is on target.")), "green")))
    headers = t.words(
        N_("KPI"),
        N_("Channel"),
        N_("Value"),
        N_("Target"),
        N_("Inside its own"),
        N_("n"),
        N_("Open"),
        N_("Short of it"),
    )
    return [*screen, Table(headers, tuple(_pilot_row(row, t) for row in body["rows"]))]


def _points(short: float, t: Reader) -> str:
    return t(N_("{n} points"), n=Words(t, "").number(short * 100, 1))


def _pilot_row(row: Body, t: Reader) -> Row:
    w, short = Words(t, ""), row["short"]
    is_share = row["unit"] == "share"
    value = w.share(row["value"]) if is_share and row["value"] is not None else length(row["p75"]) or t(N_("open"))
    target = "" if row["target"] is None else f"< {length(row['target'])}"
    if is_share and row["target"] is not None:
        target = f"{w.share(row['target_low'], 0)} – {w.share(row['target'], 0)}"
    is_short = short is not None and short > 0
    return (
        t(KPI_NAMES[row["kpi"]]), part_name("channel", row["channel"], t) if row["channel"] else t(N_("all")), value,
        target, "" if row["in_target"] is None else w.share(row["in_target"], 0), row["n"], row["open_n"] or "",
        "" if short is None else Tone(_points(short, t), "red") if is_short else Tone(t(N_("met")), "green"),
    )  # fmt: skip


def proposal(body: Body, t: Reader) -> Screen:
    """The evidence for each target, what is proposed, how it stands."""
    facts = (
        (t(N_("Proposal")), body["proposal_id"]),
        (t(N_("State")), t(STATES[body["state"]])),
        (t(N_("Cases of")), f"{t.day(body['from'])} – {t.day(body['to'])}"),
        (t(N_("Without")), ", ".join(map(t.day, body["without"]))),
        (t(N_("Proposed by")), body["proposed_by"]),
        (t(N_("Approved by")), body.get("approved_by", "")),
        (t(N_("Counts from")), t.instant(body.get("effective_from"), body["hotel_id"])),
        (t(N_("Scenario file")), body.get("scenario_file") or ""),
    )
    headers = t.words(
        N_("Channel"), N_("Target"), N_("Now"), N_("Proposed"), "", N_("75 % within"), N_("n"), N_("Open"),
        N_("Inside its own"), N_("Held by"),
    )  # fmt: skip
    rows = tuple(_proposal_row(row, t) for row in body["rows"])
    return [Heading(t(N_("Targets from 30 days"))), Facts(facts), Table(headers, rows), *_next(body, rows, t)]


def _proposal_row(row: Body, t: Reader) -> Row:
    said, tone = VERDICTS[row["verdict"]]
    w = Words(t, "")
    inside = (
        ""
        if row["in_target"] is None
        else f"{w.share(row['in_target'], 0)} ({w.interval(row['low'], row['high'], 'share')})"
    )
    return (
        part_name("channel", row["channel"], t), t(TARGETS[row["target"]]), length(row["current_s"]),
        length(row["proposed_s"]), Tone(t(said), tone) if tone else t(said), length(row["p75_s"]), row["n"],
        row["open_n"] or "", inside, ", ".join(t(HELD[one]) for one in row["held"]),
    )  # fmt: skip


def _next(body: Body, rows: tuple[Row, ...], t: Reader) -> Screen:
    if not rows:
        return [Text(t(N_("No case began in this span.")))]
    if body["state"] == "unchanged":
        return [Text(t(N_("Nothing is to be changed.")))]
    if body["state"] != "proposed":
        return []
    return [Text(t(N_("Nothing has changed yet; a supervisor who did not propose it approves it with --approve.")))]


def proposals(body: Body, t: Reader) -> Screen:
    """All proposals of a hotel, newest first."""
    headers = t.words(N_("Proposal"), N_("State"), N_("Cases of"), N_("Changes"), N_("Proposed by"), N_("Approved by"))
    rows = tuple(
        (
            one["proposal_id"], t(STATES[one["state"]]), f"{t.day(one['from'])} – {t.day(one['to'])}", one["changes"],
            one["proposed_by"], one.get("approved_by", ""),
        )
        for one in body["rows"]
    )  # fmt: skip
    return [Heading(t(N_("Proposed targets"))), Table(headers, rows)]
