"""What a search has found: its steps, the highest multiple that held, and what broke first above it."""

from cli.screens.blocks import Facts, Screen, Table, Text, Tone
from cli.screens.load import status
from cli.screens.load_words import PARTS, VERDICTS, check_name
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

LIMITS = {
    **PARTS,
    "queue": N_("waiting: the PMS's rate share, its connections, the store's threads"),
    "injected": N_("the PMS's own answer times"),
    "integrity": N_("records were lost or doubled"),
    "generator": N_("the generator: what lies above cannot be shown with it"),
    "service_cpu": N_("the processor of the service"),
    "pms_cpu": N_("the processor of the mock PMS"),
    "errors": N_("errors"),
}
STOPPED = {
    "found": N_("found"),
    "steps": N_("the last step that was allowed"),
    "time": N_("the time was over"),
    "interrupted": N_("stopped by hand"),
    "nothing_holds": N_("nothing holds"),
}


def found(body: Body, t: Reader) -> Screen:
    """The steps, then what they come to."""
    headers = t.words(
        N_("Times the real peak"),
        N_("Verdict"),
        N_("Contacts"),
        N_("Requests a second"),
        N_("Service CPU"),
        N_("Missed"),
    )
    rows = tuple(
        (
            f"{one['multiple']:.1f}",
            Tone(one["verdict"], VERDICTS[one["verdict"]]),
            one["contacts"],
            f"{one['requests_s']:.1f}",
            "" if one["service_cpu"] is None else f"{one['service_cpu']:.0%}",
            ", ".join(check_name(name, t) for name in one["missed"]),
        )
        for one in body["steps"]
    )
    return [Table(headers, rows), _facts(body, t), Text(status(body["status"], t))]


def worked(body: Body, t: Reader) -> Screen:
    """What a worker has left behind."""
    return [Facts(((t(N_("Folder")), body["folder"]), (t(N_("Files")), body["files"])))]


def _facts(body: Body, t: Reader) -> Facts:
    best: float | None = body["multiple"]
    limit: str | None = body["breaks_first"]
    return Facts(
        (
            (t(N_("Real peak, contacts an hour")), f"{body['peak_per_hour']:.1f}"),
            (t(N_("Borne, times the real peak")), "-" if best is None else f"{best:.1f}"),
            (t(N_("Asked for")), f"{body['headroom']:g}"),
            (t(N_("Breaks first")), "" if limit is None else t(LIMITS[limit])),
            (t(N_("Search ended")), t(STOPPED[body["stopped"]])),
        )
    )
