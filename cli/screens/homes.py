"""What `santral init` has made, and what `santral demo` has found."""

from cli.screens.blocks import Facts, Heading, Screen, Table, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def made(body: Body, t: Reader) -> Screen:
    """Where the home is and what is in it."""
    return [
        Facts(
            (
                (t(N_("Home")), body["home"]),
                (t(N_("Start")), body["start"]),
                (t(N_("Seed")), body["seed"]),
                (t(N_("Guest profiles")), body["profiles"]),
                (t(N_("Reservations in the PMS")), body["reservations"]),
            )
        ),
        Table(
            (t(N_("Hotel")), t(N_("Name")), t(N_("Rooms")), t(N_("File"))),
            tuple((one["hotel_id"], one["name"], one["rooms"], one["file"]) for one in body["hotels"]),
        ),
    ]


def told(body: Body, t: Reader) -> Screen:
    """The demo's checks and verdict."""
    rows = tuple(
        (
            one["name"],
            one["target"],
            one["measured"],
            Tone(one["status"].upper(), "green" if one["status"] == "pass" else "red"),
            one["evidence"],
        )
        for one in body["checks"]
    )
    return [
        Table(t.words(N_("Check"), N_("Target"), N_("Measured"), N_("Status"), N_("Evidence")), rows),
        Facts(((t(N_("Verdict")), body["verdict"]), (t(N_("Report")), body["report"]))),
    ]


def told_whole(body: Body, t: Reader) -> Screen:
    """The demo's end: load, records and season judged, readiness beside them, and where the reports are."""
    from cli.screens.load import short, status
    from cli.screens.load_words import SECTIONS, check_name, measured_words

    end = body["golive"]
    headers = t.words(N_("Check"), N_("Target"), N_("Measured"), N_("Status"))
    found = told(body, t)[:1]
    for section, title in SECTIONS.items():
        rows = tuple(
            (check_name(one["name"], t), t(one["target"]), measured_words(one["measured"], t), status(one["status"], t))
            for one in end["checks"]
            if one["section"] == section
        )
        found += [Heading(t(title)), Table(headers, rows)] if rows else []
    lines = tuple(
        (check_name(one["line"], t), Tone(t(one["state"]), _COLOURS[one["state"]]), short(one["evidence"]))
        for one in end["readiness"]
    )
    found += [Heading(t(SECTIONS["readiness"])), Table(t.words(N_("Check"), N_("State"), N_("Evidence")), lines)]
    judged = N_("Load, records and season") if end["report"] else N_("Season; no load was played")
    places = [(t(N_("The story")), body["story"]), (t(judged), end["verdict"]),
              (t(N_("Ready")), f"{end['ready']['ready']} / {len(end['readiness'])}"),
              (t(N_("Verdict")), body["verdict"]), (t(N_("Report")), body["report"])]  # fmt: skip
    places += [(t(N_("Report of the load")), end["report"])] if end["report"] else []
    return [*found, Facts(tuple(places))]


_COLOURS = {"ready": "green", "not_ready": "red", "waived": "yellow"}
