"""The week's body in words: one set of sentences and cells for the HTML page and the PDF.

A cell is (text, tone); tones are those of `cli.reports.pdf.Cell`: good, bad, risk, soft or nothing.
"""

from collections.abc import Iterator
from typing import Any

from cli.reports.pdf import Cell
from cli.reports.plot_kpi import PANEL_NAMES
from cli.reports.words import Words
from cli.screens.kpi import STANDINGS, part_name
from cli.screens.reader import Reader
from domain.kpi_list import Unit
from integration.usecases.marks import N_

Body = dict[str, Any]
TONES = {"green": "good", "yellow": "risk", "red": "bad", "": ""}
MOVED = {
    ("last", "good"): N_("Better than last week: {list}."),
    ("last", "bad"): N_("Worse than last week: {list}."),
    ("baseline", "good"): N_("Better than the baseline: {list}."),
    ("baseline", "bad"): N_("Worse than the baseline: {list}."),
}
CHANCE, UP, DOWN = "≈", "▲", "▼"
REAL = N_(
    "▲▼ real: the 95 % interval of the change does not hold zero. ≈ may be chance. One in twenty comparisons is "
    "real by chance alone. Money is judged by its daily sums."
)
AT_P75 = N_("{kpi}, 75 % within")


class WeekWords:
    """What is said of a week."""

    def __init__(self, body: Body, reader: Reader) -> None:
        """Hold both."""
        self.body, self.t = body, reader
        self.w = Words(reader, "")
        self.has_baseline = body["baseline"] is not None

    def title(self) -> str:
        """The sheet's name."""
        return self.t(N_("The week {week}"), week=self.body["week"])

    def subtitle(self) -> str:
        """Days, hotels, and what it is held against."""
        body = self.body
        parts = [
            self.t(N_("{first} – {last}"), first=self.t.day(body["from"]), last=self.t.day(body["to"])),
            ", ".join(body["hotels"]),
            self.t(N_("last week: {week}"), week=body["last_week"]["week"]),
        ]
        if self.has_baseline:
            parts.append(self.t(N_("baseline: {week}"), week=body["baseline"]["week"]))
        if not body["is_over"]:
            parts.append(self.t(N_("so far; the week is not over")))
        return " · ".join(parts)

    def headlines(self) -> list[tuple[str, str]]:
        """What really moved, in a sentence each with its tone; one sentence when nothing did."""
        found = [*self._moved("last"), *(self._moved("baseline") if self.has_baseline else ())]
        if not found:
            return [(self.t(N_("Nothing moved by more than chance against last week.")), "")]
        return found

    def _moved(self, against: str) -> Iterator[tuple[str, str]]:
        for tone in ("good", "bad"):
            rows = [row for row in self.body["rows"] if row[against] and row[against]["better"] is (tone == "good")]
            if rows:
                said = "; ".join(f"{self.kpi(row)} {self._change(row, row[against])}" for row in rows)
                yield self.t(MOVED[against, tone], list=said), tone

    def kpi(self, row: Body) -> str:
        """A KPI's name, with its currency, and with the percentile where that is what is shown."""
        name = self.t(PANEL_NAMES[row["kpi"]])
        if row.get("currency"):
            return f"{name} ({row['currency']})"
        return self.t(AT_P75, kpi=name) if row.get("stat") == "p75" else name

    def move_headers(self) -> tuple[str, ...]:
        """Of the table of what moved."""
        more = self.t.words(N_("Baseline"), N_("Change")) if self.has_baseline else ()
        return (
            *self.t.words(N_("KPI"), N_("This week"), N_("95 % interval"), N_("n"), N_("Target")),
            *self.t.words(N_("Last week"), N_("Change")),
            *more,
        )

    def move_rows(self) -> list[list[Cell]]:
        """A row for each KPI."""
        return [self._move_row(row) for row in self.body["rows"]]

    def _move_row(self, row: Body) -> list[Cell]:
        now = row["now"]
        colour = STANDINGS[row["status"]][1]
        tone = TONES[colour] if row["target"] is not None or row["in_target"] is not None else ""
        pairs = [row["last"], *([row["baseline"]] if self.has_baseline else [])]
        cells = [
            Cell(self.kpi(row)),
            Cell(self.figure(now["value"], row["unit"], beyond=bool(now["open_n"])), bold=True),
            Cell(self._interval(now, row["unit"]), "soft"),
            Cell(self._n(now)),
            Cell(self.target(row), tone),
        ]
        for other in pairs:
            cells += [Cell(self.figure(other["value"], row["unit"])), self._changed(row, other)]
        return cells

    def _n(self, figure: Body) -> str:
        open_n = figure["open_n"]
        n = self.w.number(figure["n"])
        return self.t(N_("{n} + {open} open"), n=n, open=self.w.number(open_n)) if open_n else n

    def figure(self, value: float | None, unit: str, currency: str = "", *, beyond: bool = False) -> str:
        """A figure in its unit; what is not known yet because too much is open says so."""
        if value is None:
            return self.t(N_("open")) if beyond else "–"
        if unit == Unit.COUNT.value or (unit == Unit.MONEY.value and not currency):
            return self.w.number(value)
        return Words(self.t, currency).figure(value, unit)

    def _interval(self, figure: Body, unit: str) -> str:
        if figure["low"] is None or unit == Unit.COUNT.value:
            return ""
        return self.w.interval(figure["low"], figure["high"], unit)

    def target(self, row: Body) -> str:
        """The target and how the KPI stands."""
        said = self.t(STANDINGS[row["status"]][0]) if STANDINGS[row["status"]][0] else ""
        target, low = row["target"], row["target_low"]
        if target is None:
            return (
                ""
                if row["in_target"] is None
                else self.t(N_("{share} in theirs"), share=self.w.share(row["in_target"], 0))
            )
        if row["unit"] == Unit.SECONDS.value:
            return f"< {self.w.duration(target)}, {said}"
        band = (
            self.w.share(target, 0) if low in {None, target} else f"{self.w.share(low, 0)} – {self.w.share(target, 0)}"
        )
        return f"{band}, {said}"

    def _changed(self, row: Body, other: Body) -> Cell:
        if other["change"] is None:
            return Cell("–", "soft")
        text = self._change(row, other)
        if not other["real"]:
            return Cell(text if other["real"] is None else f"{CHANCE} {text}", "soft")
        tone = {True: "good", False: "bad", None: ""}[other["better"]]
        return Cell(f"{UP if other['change'] > 0 else DOWN} {text}", tone, bold=True)

    def _change(self, row: Body, other: Body) -> str:
        value = float(other["change"])
        if row["unit"] == Unit.COUNT.value:
            return self.w.number(value, signed=True)
        if row["unit"] == Unit.MONEY.value:
            return self.w.number(value, signed=True)
        return self.w.figure(value, row["unit"], signed=True)

    def reason_rows(self) -> list[list[Cell]]:
        """Lost reasons, most frequent first."""
        return [
            [
                Cell(self.t.reason(row["reason"])), Cell(self.w.number(row["n"])), Cell(self.w.share(row["share"], 0)),
                Cell(self.w.share(row["together"], 0)), Cell(self.w.number(row["last_n"])),
            ]
            for row in self.body["lost_reasons"]
        ]  # fmt: skip

    def reason_headers(self) -> tuple[str, ...]:
        """Of the table of lost reasons."""
        return self.t.words(N_("Lost reason"), N_("n"), N_("Part"), N_("Together"), N_("Last week"))

    def channel(self, name: str) -> str:
        """A channel as people call it."""
        return part_name("channel", name, self.t)

    def money(self, amount: str, currency: str) -> str:
        """An amount in whole units."""
        return Words(self.t, currency).money(float(amount))

    def card_headers(self) -> tuple[str, ...]:
        """Of a score card."""
        return self.t.words(N_("KPI"), N_("Own"), N_("95 % interval"), N_("n"), N_("House"), "")

    def card_rows(self, card: Body) -> list[list[Cell]]:
        """The rows of an agent's card."""
        return [self._card_row(row) for row in card["rows"]]

    def _card_row(self, row: Body) -> list[Cell]:
        named = {**row, "stat": "p75" if row["kpi"] in {"frt_s", "resolution_s"} else ""}
        said = {"above": N_("above the house"), "below": N_("below the house")}.get(row["beside"] or "", "")
        tone = {True: "good", False: "bad", None: ""}[row["better"]]
        return [
            Cell(self.kpi(named)),
            Cell(self.figure(row["value"], row["unit"], beyond=bool(row["open_n"])), bold=True),
            Cell(self._interval(row, row["unit"]), "soft"), Cell(self._n(row)),
            Cell(self.figure(row["house"], row["unit"])), Cell(self.t(said) if said else "", tone),
        ]  # fmt: skip

    def small_print(self) -> list[str]:
        """How to read the sheet."""
        found = [self.t(REAL)]
        if self.body["uncounted"]:
            found.append(self.t(N_("{n} changes are not counted yet; ask again."), n=self.body["uncounted"]))
        return found
