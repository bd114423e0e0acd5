"""Screens of a comparison with the PMS."""

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

LISTS = {
    "missing_in_pms": N_("Here, and not in the PMS"),
    "missing_here": N_("In the PMS, and not here"),
    "different": N_("Not alike"),
    "surplus": N_("More than once in the PMS"),
    "unreadable": N_("Not to be understood in the PMS"),
}
ENDS = {
    "same": (N_("Both sides agree."), "green"),
    "different": (N_("They differ. `santral reservation reconcile --repair` mends it: the PMS wins."), "red"),
    "repaired": (N_("What differed was mended."), "green"),
    "unfinished": (N_("Not finished; the same command goes on."), "yellow"),
}


def comparison(body: Body, t: Reader) -> Screen:
    """What was compared and what differs."""
    counts = body["counts"]
    said, tone = ENDS[body["status"]]
    facts = Facts(
        (
            (t(N_("Comparison")), body["comparison_id"]),
            (t(N_("Hotel")), body["hotel_id"]),
            (t(N_("Arrivals")), f"{t.day(body['arrival_from'])} – {t.day(body['arrival_to'])}"),
            (t(N_("Reservations here")), counts["here"]),
            (t(N_("Of ours in the PMS")), counts["there"]),
            (t(N_("Of other systems")), counts["others"] or None),
            (t(N_("Guests who have come or gone")), counts["followed"] or None),
            (t(N_("Writes being looked up")), counts["pending"] or None),
            (t(N_("Differences")), counts["found"]),
        )
    )
    lists = [block for name, title in LISTS.items() for block in _list(body[name], t(title), t)]
    more = [Text(t(N_("There are more; `--json` and the service show them page by page.")))] if body["next"] else []
    return [Text(Tone(t(said), tone)), facts, *lists, *more]


def _list(rows: list[Body], title: str, t: Reader) -> list[Block]:
    if not rows:
        return []
    shown = tuple(
        (one["reservation_id"], one["pms_ref"], one["field"], one["here"], one["there"], one["repair"]) for one in rows
    )
    headers = t.words(
        N_("Reservation"), N_("Number in the PMS"), N_("Field"), N_("Here"), N_("In the PMS"), N_("Repair")
    )
    return [Heading(title), Table(headers, shown)]
