"""A verdict for people: its checks by section, then the word and one sentence why.

The body is `{"verdict", "why", "checks": [{section, name, target, measured, status, evidence}], "notes", "run_id",
"folder", "report"}`; the go-live check shows its own with the same screen.
"""

from cli.screens.blocks import Facts, Heading, Screen, Table, Text, Tone
from cli.screens.load_words import SECTIONS, STATUSES, VERDICTS, check_name, measured_words, sentence
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

LONGEST = 60


def verdict(body: Body, t: Reader) -> Screen:
    """Tables, then the verdict."""
    return [*_tables(body, t), *_said(body, t), _places(body, t)]


def _tables(body: Body, t: Reader) -> Screen:
    headers = t.words(N_("Check"), N_("Target"), N_("Measured"), N_("Status"), N_("Evidence"))
    found: Screen = []
    for section, title in SECTIONS.items():
        rows = tuple(
            (check_name(one["name"], t), t(one["target"]), measured_words(one["measured"], t),
             status(one["status"], t), short(one["evidence"]))
            for one in body["checks"]
            if one["section"] == section
        )  # fmt: skip
        if rows:
            found += [Heading(t(title)), Table(headers, rows)]
    return found


def _said(body: Body, t: Reader) -> Screen:
    why = body["why"]
    notes = [Text(sentence(one["slug"], one["params"], t)) for one in body.get("notes", ())]
    word = Text(Tone(f"{body['verdict']}: {sentence(why['slug'], why['params'], t)}", VERDICTS[body["verdict"]]))
    return [*notes, word]


def _places(body: Body, t: Reader) -> Facts:
    return Facts(
        (
            (t(N_("Run")), body["run_id"]),
            (t(N_("Folder")), body["folder"]),
            (t(N_("Report")), body["report"]),
        )
    )


def status(slug: str, t: Reader) -> Tone:
    """How a check stands."""
    said, tone = STATUSES[slug]
    return Tone(t(said), tone)


def short(evidence: str) -> str:
    """No more than fits beside the rest; the whole stands in the report."""
    return evidence if len(evidence) <= LONGEST else f"{evidence[: LONGEST - 1]}…"
