"""Sentences, amounts and days in four languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from integration.adapters.phrases import CataloguePhrases
from integration.ports.surroundings import Phrases
from tests.builders import ISTANBUL, eur, lira

PHRASES: Phrases = CataloguePhrases()
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("tr", "Girişten en az 3 gün önce rezervasyon yapılmalıdır."),
        ("en", "Must be booked at least 3 days before arrival."),
        ("de", "Muss mindestens 3 Tage vor der Anreise gebucht werden."),
        ("ru", "Бронировать нужно не позднее чем за 3 дня до заезда."),
    ],
)
def test_a_sentence_is_said_in_the_language(language: str, written: str) -> None:
    one, many = "Must be booked at least {n} day before arrival.", "Must be booked at least {n} days before arrival."
    assert PHRASES.say_n(language, one, many, 3) == written


@pytest.mark.parametrize(
    ("count", "form"), [(1, "номер"), (2, "номера"), (5, "номеров"), (11, "номеров"), (21, "номер"), (104, "номера")]
)
def test_russian_counts_in_three_forms(count: int, form: str) -> None:
    assert PHRASES.say_n("ru", "{n} room free.", "{n} rooms free.", count).endswith(f" {count} {form}.")


@pytest.mark.parametrize("language", ["fr", "", "xx_YY", "../../etc", "en_US"])
def test_an_unknown_language_gets_english(language: str) -> None:
    assert PHRASES.say(language, "Sold out.") == "Sold out."
    assert PHRASES.money(language, eur(5)) == "€5.00"


@pytest.mark.parametrize("language", ["tr", "TR", "tr_TR", "tr-TR"])
def test_a_language_may_come_with_its_country(language: str) -> None:
    assert PHRASES.say(language, "Sold out.") == "Yer yok."


def test_a_sentence_without_translation_is_said_in_english() -> None:
    assert PHRASES.say("ru", "Never translated {x}.", {"x": 1}) == "Never translated 1."


def test_without_catalogues_everything_is_english(tmp_path: Path) -> None:
    assert CataloguePhrases(tmp_path).say_n("tr", "{n} room free.", "{n} rooms free.", 2) == "2 rooms free."


def test_an_empty_template_is_empty_and_not_the_catalogues_header() -> None:
    assert PHRASES.say("tr", "") == ""


def test_braces_stay_as_they_are_without_parameters() -> None:
    assert PHRASES.say("en", "{broken") == "{broken"


def test_money_and_days_among_the_parameters_are_written_the_languages_way() -> None:
    said = PHRASES.say("de", "{a} {b} {c}", {"a": eur("4350"), "b": date(2027, 7, 10), "c": 12345})
    assert said == f"4.350,00{NBSP}€ 10. Juli 2027 12345"


@pytest.mark.parametrize(
    ("language", "euros", "liras"),
    [
        ("tr", "€4.350,00", "₺4.350,00"),
        ("en", "€4,350.00", f"TRY{NBSP}4,350.00"),
        ("de", f"4.350,00{NBSP}€", f"4.350,00{NBSP}TRY"),
        ("ru", f"4{NBSP}350,00{NBSP}€", f"4{NBSP}350,00{NBSP}TRY"),
    ],
)
def test_an_amount_is_written_as_people_of_the_language_write_it(language: str, euros: str, liras: str) -> None:
    assert (PHRASES.money(language, eur("4350")), PHRASES.money(language, lira("4350"))) == (euros, liras)


@pytest.mark.parametrize(
    ("language", "day", "instant"),
    [
        ("tr", "10 Temmuz 2027", "10 Temmuz 2027 18:00"),
        ("en", "10 July 2027", "10 July 2027, 18:00"),
        ("de", "10. Juli 2027", "10. Juli 2027, 18:00"),
        ("ru", "10 июля 2027\u202fг.", "10 июля 2027\u202fг., 18:00"),
    ],
)
def test_a_day_is_a_day_and_an_instant_also_says_its_time(language: str, day: str, instant: str) -> None:
    assert PHRASES.day(language, date(2027, 7, 10)) == day
    assert PHRASES.day(language, datetime(2027, 7, 10, 15, tzinfo=UTC).astimezone(ISTANBUL)) == instant


@pytest.mark.parametrize(("language", "written"), [("tr", "1.234,5"), ("en", "1,234.5"), ("ru", f"1{NBSP}234,5")])
def test_a_number_is_written_as_people_of_the_language_write_it(language: str, written: str) -> None:
    assert PHRASES.number(language, Decimal("1234.5")) == written
    assert PHRASES.number(language, 7) == "7"
