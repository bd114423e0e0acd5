"""The faults of the mock PMS as people read them."""

from cli.screens.blocks import Screen, Table, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def rules(body: Body, t: Reader) -> Screen:
    """Fault rules, oldest first."""
    rows = tuple(
        (
            one["id"],
            one["kind"],
            one["operation"],
            one["hotel"],
            one["rate"],
            "" if one["times_left"] is None else one["times_left"],
            " ".join(f"{name}={value}" for name, value in one["params"].items() if value not in {"", 0}),
            one["from"] or "",
            one["to"] or "",
            one["seen"],
            one["hits"],
        )
        for one in body["faults"]
    )
    headers = t.words(
        "#", N_("Fault"), N_("Operation"), N_("Hotel"), N_("Share"), N_("Times left"), N_("Parameters"), N_("From"),
        N_("To"), N_("Seen"), N_("Struck"),
    )  # fmt: skip
    return [Table(headers, rows) if rows else Text(t(N_("The mock PMS has no faults.")))]


def cleared(body: Body, t: Reader) -> Screen:
    """How many were taken away."""
    return [Text(t(N_("Faults taken away: {count}."), count=body["cleared"]))]
