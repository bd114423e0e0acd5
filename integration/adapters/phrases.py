"""Sentences from gettext catalogues: the English template is the key, `integration/locale/<language>/` holds the rest.

A catalogue is read when its language is first spoken. A sentence that has no translation, and a language that has no
catalogue, give English. Money, days and instants among the parameters are written the language's way; everything else
is written as `str` does it, so ids and codes stay what they are.
"""

import gettext
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from domain.money import Money
from integration.adapters.formats import LOCALES, number_shape, write_count, write_day, write_instant, write_money

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
DOMAIN = "santral"
FALLBACK = "en"


class CataloguePhrases:
    """Satisfies `integration.ports.surroundings.Phrases`; may be shared by threads."""

    def __init__(self, folder: Path = LOCALE_DIR) -> None:
        self._folder = folder
        self._catalogues: dict[str, gettext.NullTranslations] = {}

    def _language(self, language: str) -> str:
        if language in LOCALES:
            return language
        known = language[:2].lower()
        return known if known in LOCALES else FALLBACK

    def _catalogue(self, language: str) -> gettext.NullTranslations:
        known = self._language(language)
        found = self._catalogues.get(known)
        if found is None:
            place = self._folder / known / "LC_MESSAGES" / f"{DOMAIN}.mo"
            if place.is_file():
                with place.open("rb") as file:
                    found = gettext.GNUTranslations(file)
            else:
                found = gettext.NullTranslations()
            self._catalogues[known] = found
        return found

    def _fill(self, language: str, template: str, params: Mapping[str, object]) -> str:
        return template.format(**{name: self._written(language, value) for name, value in params.items()})

    def _written(self, language: str, value: object) -> object:
        if isinstance(value, Money):
            return self.money(language, value)
        return self.day(language, value) if isinstance(value, date) else value

    def say(self, language: str, template: str, params: Mapping[str, object] | None = None) -> str:
        """Fill a template in a language (`tr`, `tr_TR`, `TR`); without parameters braces stay as they are."""
        sentence = self._catalogue(language).gettext(template) if template else ""
        return self._fill(language, sentence, params) if params else sentence

    def say_n(self, language: str, one: str, many: str, count: int, params: Mapping[str, object] | None = None) -> str:
        """As `say`, in the form the count wants; `{n}` is the count written the language's way."""
        sentence = self._catalogue(language).ngettext(one, many, count)
        return self._fill(language, sentence, {"n": self.number(language, count), **(params or {})})

    def money(self, language: str, money: Money) -> str:
        """E.g. `€4,350.00`, `4.350,00 €`."""
        return write_money(self._language(language), money.amount, money.currency)

    def day(self, language: str, day: object) -> str:
        """`10 July 2027`; an instant also says its time of day, in its own zone: `10 July 2027, 18:00`."""
        if isinstance(day, datetime):
            return write_instant(self._language(language), day)
        return write_day(self._language(language), day) if isinstance(day, date) else str(day)

    def number(self, language: str, number: int | Decimal) -> str:
        """E.g. `1,234.5`, `1.234,5`."""
        known = self._language(language)
        return write_count(known, number) if isinstance(number, int) else number_shape(known).write(number)
