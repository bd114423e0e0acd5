"""Public holidays and half-days of a country, from the `holidays` library.

The library knows movable feasts for years ahead; Turkish eves (arife) and 28 October are half-days from 13:00 on. The
hotel's own closing days count as holidays. A country it does not know, or that keeps no such category, has none. What
a government adds by decree (bridging days) is not in it: put it into `closed_on`. A country may be narrowed to a part
of it: `DE-BY`, `GB-ENG`.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from domain.hours import DayKind

_HALF = "half_day"
_LOCAL = {"tr": "tr", "de": "de", "ru": "ru", "en": "en_US"}


@cache
def knows_country(country: str) -> bool:
    """Whether holidays of a country (two capital letters), or of a part of it (`GB-ENG`), are known."""
    import holidays  # noqa: PLC0415 - half a second of tables, read when a calendar is first asked

    whole, _, part = country.partition("-")
    parts = holidays.list_supported_countries().get(whole)
    return parts is not None and (not part or part in parts)


@cache
def days_of_year(country: str, year: int, language: str = "en") -> dict[date, tuple[DayKind, tuple[str, ...]]]:
    """Holidays and half-days of one year with their names (in the country's language if it has no `language`)."""
    import holidays  # noqa: PLC0415 - as above

    if not knows_country(country):
        return {}
    found: dict[date, tuple[DayKind, tuple[str, ...]]] = {}
    whole, _, part = country.partition("-")
    known = holidays.country_holidays(whole)
    tongue = _LOCAL.get(language, language)
    chosen = tongue if tongue in known.supported_languages else known.default_language
    for category, kind in ((_HALF, DayKind.HALF_DAY), ("public", DayKind.HOLIDAY)):
        if category in known.supported_categories:
            named = holidays.country_holidays(
                whole, subdiv=part or None, years=year, categories=(category,), language=chosen
            )
            found.update({day: (kind, tuple(named.get_list(day))) for day in named})
    return found


class Calendar:
    """The holidays of one country and the hotel's own; `kind_of` is what `domain.hours.open_spans` asks."""

    def __init__(self, country: str, closed_on: Iterable[date] = ()) -> None:
        self.country, self.closed_on = country, frozenset(closed_on)

    def kind_of(self, day: date) -> DayKind:
        """What a day is."""
        if day in self.closed_on:
            return DayKind.HOLIDAY
        known = days_of_year(self.country, day.year).get(day)
        return known[0] if known else DayKind.PLAIN

    def names(self, day: date, language: str = "en") -> tuple[str, ...]:
        """What the country calls a day; empty for a plain one."""
        known = days_of_year(self.country, day.year, language).get(day)
        return known[1] if known else ()
