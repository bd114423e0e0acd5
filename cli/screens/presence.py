"""Who is at the desk, as people read it."""

from cli.screens.blocks import Facts, Screen, Table, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

PRESENCE = {
    "available": N_("available"),
    "away": N_("away"),
    "offline": N_("offline"),
    "on_call": N_("on a call"),
    "has_handoff": N_("has a handoff"),
}


def agents(body: Body, t: Reader) -> Screen:
    """Everybody."""
    rows = tuple((one["name"], one["role"], *_stands(one, t)) for one in body["agents"])
    headers = t.words(N_("User"), N_("Role"), N_("At the desk"), N_("Since"), N_("Until"), N_("Languages"), N_("Busy"))
    return [Table(headers, rows) if rows else Text(t(N_("There are no users.")))]


def agent(body: Body, t: Reader) -> Screen:
    """One."""
    state, since, until, languages, busy = _stands(body, t)
    return [
        Facts(
            (
                (t(N_("User")), body["name"]),
                (t(N_("At the desk")), state),
                (t(N_("Since")), since),
                (t(N_("Until")), until),
                (t(N_("Languages")), languages),
                (t(N_("Busy")), busy or None),
            )
        )
    ]


def _stands(one: Body, t: Reader) -> tuple[str, str, str, str, str]:
    return (
        t(PRESENCE[one["state"]]),
        t.instant(one["since"]),
        t.instant(one["until"]),
        ", ".join(one["languages"]),
        t(PRESENCE[one["busy"]]) if one["busy"] else "",
    )
