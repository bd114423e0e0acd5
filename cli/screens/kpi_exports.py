"""What an export of KPIs did, for people."""

from cli.screens.blocks import Facts, Screen, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def exported(body: Body, t: Reader) -> Screen:
    """A folder that was brought up to date."""
    period, days = body["period"], body["days"]
    waiting = [t.day(row["day"]) for row in days if not row["final"]]
    facts = Facts(
        (
            (t(N_("Folder")), body["folder"]),
            (t(N_("Days")), t(N_("{first} to {last}"), first=t.day(period["from"]), last=t.day(period["to"]))),
            (t(N_("Files written")), body["written"]),
            (t(N_("Files unchanged")), body["unchanged"]),
            (t(N_("Not final yet")), _few(waiting)),
        )
    )
    return [facts, *_small_print(body, t)]


def report_file(body: Body, t: Reader) -> Screen:
    """A report that was written to a file."""
    facts = Facts(((t(N_("File")), body["file"]), (t(N_("Rows")), body["rows"])))
    return [facts, *_small_print(body, t)]


def _small_print(body: Body, t: Reader) -> Screen:
    if not body["uncounted"]:
        return []
    return [Text(t(N_("{n} changes are not counted yet; ask again."), n=body["uncounted"]))]


def _few(days: list[str], most: int = 5) -> str:
    return ", ".join(days[:most]) + (f" (+{len(days) - most})" if len(days) > most else "")
