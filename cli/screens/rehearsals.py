"""What a rehearsal found: what was asked and what came of it, and whether the promises hold."""

from cli.screens.blocks import Facts, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

PROMISES = {
    "acknowledged_once": N_("An acknowledged booking has one record"),
    "refused_none": N_("A refused booking has none"),
    "replays": N_("The same key gives the same answer"),
    "books_agree": N_("Our records and the hotel's agree, both ways"),
    "stock": N_("Nothing is sold that is not there"),
    "released_once": N_("What lapses gives its room back once"),
    "paid_kept": N_("Nobody who paid is let go by a machine"),
    "payments": N_("Payments are there once, and their sums agree"),
    "settled": N_("Every write has an end, or a person to decide"),
    "audit": N_("The audit is whole"),
}
DAY_S = 86_400


def told(body: Body, t: Reader) -> Screen:
    """Verbs, promises, and the verdict."""
    return [_facts(body, t), _verbs(body, t), _promises(body, t), *_evidence(body), _verdict(body)]


def _facts(body: Body, t: Reader) -> Facts:
    span = t(N_("{days} days from {start}"), days=round(body["simulated_s"] / DAY_S, 1), start=body["start"])
    return Facts(
        (
            (t(N_("Hotel")), body["hotel_id"]),
            (t(N_("Played")), span),
            (t(N_("Real seconds")), body["real_s"]),
            (t(N_("CPU seconds")), body["cpu_s"]),
            (t(N_("Callers")), body["asked"]),
            (t(N_("Booked")), body["booked"]),
            (t(N_("Refused")), body["refused"]),
            (t(N_("Digest of the history")), body["digests"]["history"][:16]),
            (t(N_("File")), body["file"]),
        )
    )


def _verbs(body: Body, t: Reader) -> Table:
    headers = t.words(N_("What"), N_("Asked"), N_("Done"), N_("Refused"), N_("Unknown"), N_("Later"))
    rows = tuple(
        (one["verb"], one["asked"] or "", one["ok"] or one["done"], one["fail"], one["unknown"], one["later"])
        for one in body["verbs"]
    )
    return Table(headers, rows)


def _promises(body: Body, t: Reader) -> Table:
    headers = t.words(N_("Promise"), N_("Looked at"), N_("Broken"), N_("Status"))
    rows = tuple(
        (t(PROMISES[one["name"]]), one["looked_at"], one["measured"], Tone(one["status"], _colour(one["status"])))
        for one in body["checks"]
    )
    return Table(headers, rows)


def _evidence(body: Body) -> list[Text]:
    return [Text(line) for one in body["checks"] for line in one["evidence"]]


def _verdict(body: Body) -> Text:
    return Text(Tone(body["verdict"], _colour(body["verdict"].lower())))


def _colour(status: str) -> str:
    return "green" if status == "pass" else "red"
