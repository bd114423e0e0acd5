"""What `santral sim verify` found: the exact figure, the engine's, and how many standard errors lie between."""

from cli.screens.blocks import Facts, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def table(body: Body, t: Reader) -> Screen:
    """Seed and date, every figure, the verdict."""
    facts = Facts(((t(N_("Seed")), body["seed"]), (t(N_("Date")), body["date"])))
    headers = t.words(
        N_("Model"), N_("Figure"), N_("Exact"), N_("Simulated"), N_("Standard error"), N_("Off by"), N_("Status")
    )
    return [facts, Table(headers, tuple(_row(one) for one in body["rows"])), _verdict(body, t)]


def _row(one: Body) -> tuple[object, ...]:
    return (
        one["case"], one["metric"], _figure(one["exact"]), _figure(one["simulated"]),
        f"{one['se']:.2g}" if one["se"] else "",
        f"{(one['simulated'] - one['exact']) / one['se']:+.1f}" if one["se"] else "",
        Tone(one["status"], "green" if one["status"] == "pass" else "red"),
    )  # fmt: skip


def _figure(value: float) -> str:
    """Enough digits to tell figures apart, counts in full."""
    return f"{value:.0f}" if value >= 100_000 else f"{value:.5g}"  # noqa: PLR2004


def _verdict(body: Body, t: Reader) -> Text:
    away = sum(one["status"] != "pass" for one in body["rows"])
    count = len(body["rows"])
    if away:
        said = t(N_("{away} of {count} figures are more than {band} standard errors away."), **_told(body, away, count))
        return Text(Tone(said, "red"))
    said = t(N_("All {count} figures are within {band} standard errors."), **_told(body, away, count))
    return Text(Tone(said, "green"))


def _told(body: Body, away: int, count: int) -> Body:
    return {"away": away, "count": count, "band": round(body["band"])}
