"""Name lists per language: ours first, Faker's after, titles never.

Faker's providers are read as plain lists, not called: its name formats mix in
titles (`Dr.`, `Frau`) and, for Russian, men's given names with women's
surnames. Adjectival Polish surnames (Kowalski) have a women's form (Kowalska);
Faker keeps men's forms and unisex ones apart, which is what is needed here.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from random import Random

from scenarios.people.given_names import COMMON
from scenarios.people.surnames_tr import SURNAMES_TR

LOCALES = {"tr": "tr_TR", "de": "de_DE", "ru": "ru_RU", "en": "en_GB", "nl": "nl_NL", "pl": "pl_PL"}
COMMON_SHARE = 0.75
ADJECTIVAL_SHARE = 0.35
PLACEHOLDER_SURNAMES = frozenset({"Doe", "Mustermann"})


class NameBook:
    """The names of one language; `given` and `surname` draw in the gender asked for."""

    def __init__(self, language: str) -> None:
        """Read Faker's lists for `language`; `KeyError` for a language without names."""
        provider = import_module(f"faker.providers.person.{LOCALES[language]}").Provider
        self._common = COMMON.get(language)
        self._men = _clean(provider.first_names_male)
        self._women = _clean(provider.first_names_female)
        self._surnames_men, self._surnames_women = _surnames(language, provider)

    def given(self, rng: Random, *, is_woman: bool) -> str:
        """Draw a given name."""
        if self._common is not None and rng.random() < COMMON_SHARE:
            return rng.choice(self._common[is_woman])
        return rng.choice(self._women if is_woman else self._men)

    def surname(self, rng: Random, *, is_woman: bool) -> str:
        """Draw a surname in the form its bearer uses."""
        return rng.choice(self._surnames_women if is_woman else self._surnames_men)

    @property
    def surname_count(self) -> int:
        """How many different surnames (men's forms) the book holds."""
        return len(set(self._surnames_men))


@cache
def name_book(language: str) -> NameBook:
    """Give the book of `language`, read once."""
    return NameBook(language)


def _clean(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name and "." not in name and name not in PLACEHOLDER_SURNAMES))


def _surnames(language: str, provider: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lists = vars(provider)
    if language == "ru":
        return _clean(lists["last_names_male"]), _clean(lists["last_names_female"])
    if language == "pl":
        common = lists["male_last_names"]
        adjectival = _clean(name for name in common if name.endswith("ki"))
        unisex = _clean(name for name in (*common, *lists["unisex_last_names"]) if not name.endswith(("ki", "ka", "y")))
        repeats = max(1, round(len(unisex) * ADJECTIVAL_SHARE / (1 - ADJECTIVAL_SHARE) / len(adjectival)))
        women = tuple(f"{name[:-1]}a" for name in adjectival)
        return adjectival * repeats + unisex, women * repeats + unisex
    ours = SURNAMES_TR if language == "tr" else ()
    both = _clean((*ours, *lists["last_names"]))
    return both, both
