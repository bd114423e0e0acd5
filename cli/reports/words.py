"""Numbers and names in the reader's language: shares, money, durations, weekdays, months, channels."""

from collections.abc import Sequence
from decimal import Decimal
from math import inf
from typing import TypeVar

from cli.screens.reader import Reader
from cli.screens.seasons import CHANNELS, METRICS
from domain.kpi_list import Unit
from integration.usecases.marks import N_

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
MINUTES_FROM, HOURS_FROM = 120, 7200
SMALL, MILLION, THOUSAND = 100, 1_000_000, 1000
T = TypeVar("T")


class Words:
    """The reader's words. `currency`: of the scenario's money."""

    def __init__(self, reader: Reader, currency: str) -> None:
        """Hold both."""
        self._reader = reader
        self.language = reader.language
        self.currency = currency

    def __call__(self, template: str, **params: object) -> str:
        """Say a template."""
        return self._reader(template, **params)

    def number(self, value: float, digits: int = 0, *, signed: bool = False) -> str:
        """With so many decimal places."""
        rounded = Decimal(f"{value:.{digits}f}") + 0
        sign = "+" if signed and rounded > 0 else ""
        return sign + self._reader.phrases.number(self.language, rounded)

    def share(self, value: float, digits: int = 1, *, signed: bool = False) -> str:
        """As a percentage: `80.5%`, `%80,5`."""
        text = self.number(value * 100, digits, signed=signed)
        return f"%{text}" if self.language == "tr" and not text.startswith(("-", "+")) else self._percent(text)

    def _percent(self, text: str) -> str:
        return f"{text[0]}%{text[1:]}" if self.language == "tr" else f"{text}%"

    def reason(self, code: str) -> str:
        """A lost reason as the hotel calls it."""
        return self._reader.reason(code)

    def points(self, value: float) -> str:
        """A difference of shares, in points."""
        return self(N_("{n} points"), n=self.number(value * 100, 1, signed=True))

    def money(self, value: float, *, signed: bool = False) -> str:
        """Whole units of the scenario's currency."""
        return f"{self.number(value, signed=signed)} {self.currency}"

    def duration(self, seconds: float, *, signed: bool = False) -> str:
        """Seconds, minutes or hours, whichever is read easily."""
        if abs(seconds) < MINUTES_FROM:
            return self(N_("{n} s"), n=self.number(seconds, signed=signed))
        if abs(seconds) < HOURS_FROM:
            return self(N_("{n} min"), n=self.number(seconds / 60, 0 if seconds % 60 == 0 else 1, signed=signed))
        return self(N_("{n} h"), n=self.number(seconds / 3600, 0 if seconds % 3600 == 0 else 1, signed=signed))

    def figure(self, value: float | None, unit: str, *, signed: bool = False) -> str:
        """A figure in its unit; empty when there is none."""
        if value is None:
            return ""
        match Unit(unit):
            case Unit.SHARE:
                return self.points(value) if signed else self.share(value)
            case Unit.SECONDS:
                return self.duration(value, signed=signed)
            case Unit.MONEY:
                return self.money(value, signed=signed)
            case Unit.COUNT:
                return self.number(value, 1 if abs(value) < SMALL else 0, signed=signed)

    def interval(self, low: float | None, high: float | None, unit: str) -> str:
        """From low to high, cut at what is possible (0, and 1 for shares); empty when there is none."""
        if low is None or high is None:
            return ""
        most = 1.0 if unit == Unit.SHARE.value else inf
        ends = (self.figure(min(max(one, 0.0), most), unit) for one in (low, high))
        return " – ".join(ends)

    def channel(self, name: str) -> str:
        """A channel's name."""
        return self(CHANNELS[name]) if name in CHANNELS else name

    def metric(self, metric: str) -> str:
        """A metric's name, its channel behind it."""
        slug, _, channel = metric.partition(".")
        name = self(METRICS[slug]) if slug in METRICS else slug
        return f"{name}: {self.channel(channel)}" if channel else name

    def weekdays(self) -> tuple[str, ...]:
        """Monday to Sunday, short."""
        return tuple(self(day) for day in WEEKDAYS)

    def month(self, number: int) -> str:
        """1 to 12, short."""
        return self(MONTHS[number - 1])

    def day(self, iso: str) -> str:
        """A day."""
        return self._reader.day(iso)

    def listed(self, texts: Sequence[str]) -> str:
        """Several with commas."""
        return ", ".join(texts)
