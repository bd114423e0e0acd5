"""Draw guest profiles: one pass, one seeded stream, no two alike in id or phone.

A profile's number is its place in the chain's book; the phone number and the
number in the e-mail address are functions of it, so they never clash between
guests or hotels. Names come from common names first and Faker's lists for the
rest; women get the women's form of a Russian or Polish surname.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from scenarios.people.names import NameBook, name_book
from scenarios.people.phones import mobile
from scenarios.people.spelling import mail_word, passport_latin, turkish_upper
from scenarios.schema.codes import Preference, SharedCode
from scenarios.schema.draws import Guests

COUNTRY = {"tr": "TR", "de": "DE", "ru": "RU", "en": "GB", "nl": "NL", "pl": "PL"}
MAIL_DOMAINS = ("example.com", "example.net", "example.org")
CYRILLIC_SHARE = 0.5
CAPITALS_SHARE = 0.04
SECOND_NAME_SHARE = 0.12
MAX_PREFERENCES = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A guest profile; `language` in lower case, `phone` in E.164, codes of the hotel file."""

    number: int
    given_name: str
    surname: str
    is_woman: bool
    language: str
    nationality: str
    phone: str
    email: str | None
    vip_code: str | None
    segment: str | None
    preferences: tuple[Preference, ...]
    note: str | None


def draw_languages(rng: Random, guests: Guests, count: int) -> list[str]:
    """Give `count` languages in the shares of the hotel file, shuffled, so the shares come out exactly."""
    drawn: list[str] = []
    for language, share in guests.languages.items():
        drawn += [language] * round(count * share)
    commonest = max(guests.languages, key=lambda language: guests.languages[language])
    drawn = (drawn + [commonest] * count)[:count]
    rng.shuffle(drawn)
    return drawn


def draw_people(
    rng: Random, guests: Guests, preferences: tuple[Preference, ...], languages: list[str], first_number: int
) -> Iterator[Person]:
    """Yield one person for each of `languages`, numbered from `first_number` on."""
    books = {language: name_book(language) for language in dict.fromkeys(languages)}
    vip_levels, segments = _SharedPick(guests.vip_levels), _SharedPick(guests.segments)
    with_email, with_note = float(guests.with_email), float(guests.with_note)
    with_preference = float(guests.with_preference) if preferences else 0.0
    for number, language in enumerate(languages, first_number):
        is_woman = rng.random() < 0.5  # noqa: PLR2004 - one half
        given, surname, latin = _name(rng, books[language], language, is_woman=is_woman)
        yield Person(
            number=number,
            given_name=given,
            surname=surname,
            is_woman=is_woman,
            language=language,
            nationality=COUNTRY[language],
            phone=mobile(COUNTRY[language], number),
            email=f"{latin}.{number}@{rng.choice(MAIL_DOMAINS)}" if rng.random() < with_email else None,
            vip_code=vip_levels.draw(rng),
            segment=segments.draw(rng),
            preferences=_preferences(rng, preferences) if rng.random() < with_preference else (),
            note=rng.choice(guests.notes) if guests.notes and rng.random() < with_note else None,
        )


def _name(rng: Random, book: NameBook, language: str, *, is_woman: bool) -> tuple[str, str, str]:
    """Give given name, surname and the address form, in the spelling this guest's record has."""
    given, surname = book.given(rng, is_woman=is_woman), book.surname(rng, is_woman=is_woman)
    address = f"{mail_word(given, language)}.{mail_word(surname, language)}"
    if language == "tr":
        if rng.random() < SECOND_NAME_SHARE:
            given = f"{given} {book.given(rng, is_woman=is_woman)}"
        if rng.random() < CAPITALS_SHARE:
            given, surname = turkish_upper(given), turkish_upper(surname)
    elif language == "ru" and rng.random() >= CYRILLIC_SHARE:
        given, surname = passport_latin(given), passport_latin(surname)
    return given, surname, address


def _preferences(rng: Random, known: tuple[Preference, ...]) -> tuple[Preference, ...]:
    """Give one to three preferences, at most one of a group, in the order of the hotel file."""
    drawn = {choice.group: choice for choice in rng.choices(known, k=rng.randint(1, MAX_PREFERENCES))}
    return tuple(choice for choice in known if drawn.get(choice.group) is choice)


class _SharedPick:
    """Draws a code with its share of chance, or none with what the shares leave over."""

    def __init__(self, items: tuple[SharedCode, ...]) -> None:
        self._codes = [item.code for item in items]
        self._steps = list(accumulate(float(item.share) for item in items))

    def draw(self, rng: Random) -> str | None:
        at = bisect(self._steps, rng.random())
        return self._codes[at] if at < len(self._codes) else None
