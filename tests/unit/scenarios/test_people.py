"""Drawn guests look like people, can be told apart, and never reach anybody."""

import re
import unicodedata
from collections import Counter
from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.loader import load_hotel
from scenarios.people.draw import COUNTRY, Person, draw_languages, draw_people
from scenarios.people.names import name_book
from scenarios.people.phones import PREFIXES, capacity, has_no_repeats, mobile
from scenarios.people.spelling import mail_word, passport_latin, turkish_lower, turkish_upper
from scenarios.people.surnames_tr import SURNAMES_TR

RESERVED = {"example.com", "example.net", "example.org"}


def people(count: int, seed: str = "people") -> list[Person]:
    hotel = load_hotel("belek-resort")
    languages = draw_languages(Random(seed), hotel.guests, count)
    return list(draw_people(Random(seed), hotel.guests, hotel.codes.preferences, languages, 1_000_001))


@pytest.mark.parametrize("country", sorted(PREFIXES))
def test_every_phone_number_is_a_valid_mobile_of_its_country(country: str):
    step = capacity(country) // 1_500
    for n in range(0, capacity(country), step):
        number = phonenumbers.parse(mobile(country, n))
        assert phonenumbers.is_valid_number(number), number
        assert phonenumbers.number_type(number) is phonenumbers.PhoneNumberType.MOBILE
        assert phonenumbers.region_code_for_number(number) == country


@pytest.mark.parametrize("country", sorted(PREFIXES))
def test_no_two_numbers_of_a_country_are_the_same(country: str):
    assert has_no_repeats(country)
    assert len({mobile(country, n) for n in range(20_000)}) == 20_000


@given(st.sampled_from(sorted(PREFIXES)), st.integers(0, 10**9))
def test_a_number_has_the_length_its_country_gives_it(country: str, n: int):
    calling_code, prefixes, digits = PREFIXES[country]
    assert len(mobile(country, n)) == 1 + len(calling_code) + len(prefixes[0]) + digits


def test_ids_phones_and_addresses_never_clash():
    drawn = people(5_000)
    addresses = [person.email for person in drawn if person.email]
    assert len({person.number for person in drawn}) == 5_000
    assert len({person.phone for person in drawn}) == 5_000
    assert len(set(addresses)) == len(addresses)


def test_addresses_stand_at_reserved_domains_in_plain_letters():
    for person in people(3_000):
        if person.email:
            local, domain = person.email.split("@")
            assert domain in RESERVED
            assert re.fullmatch(r"[a-z]+\.[a-z]+\.\d+", local), person.email


def test_names_carry_no_titles():
    for person in people(3_000):
        assert "." not in person.given_name
        assert "." not in person.surname
        assert person.given_name.strip()
        assert person.surname.strip()


def test_shares_of_languages_come_out_as_the_file_says():
    languages = Counter(person.language for person in people(4_000))
    for language, share in load_hotel("belek-resort").guests.languages.items():
        assert languages[language] == round(4_000 * share)


def test_language_country_and_phone_agree():
    for person in people(1_000):
        assert person.nationality == COUNTRY[person.language]
        assert person.phone.startswith(f"+{PREFIXES[person.nationality][0]}")


def test_russian_and_polish_surnames_take_the_bearers_gender():
    rng = Random("gender")
    for language, man, woman in (("ru", ("ов", "ев", "ин"), ("ова", "ева", "ина")), ("pl", ("ki",), ("ka",))):
        book = name_book(language)
        men = {book.surname(rng, is_woman=False) for _ in range(3_000)}
        women = {book.surname(rng, is_woman=True) for _ in range(3_000)}
        assert any(name.endswith(man) for name in men)
        assert any(name.endswith(woman) for name in women)
        assert not any(name.endswith(woman) for name in men)
        assert not any(name.endswith(man) for name in women)


def test_there_are_more_than_three_hundred_turkish_surnames_beyond_fakers():
    assert len(SURNAMES_TR) == len(set(SURNAMES_TR)) > 300
    assert all(name == unicodedata.normalize("NFC", name) for name in SURNAMES_TR)
    assert all(name == turkish_upper(name[0]) + turkish_lower(name[1:]) for name in SURNAMES_TR)
    assert name_book("tr").surname_count > len(SURNAMES_TR)


@pytest.mark.parametrize(
    ("small", "capital"),
    [
        ("ırmak", "IRMAK"),
        ("işık", "İŞIK"),
        ("iğdır", "İĞDIR"),
        ("özgür çağ", "ÖZGÜR ÇAĞ"),
        ("diyarbakır", "DİYARBAKIR"),
    ],
)
def test_turkish_letters_change_case_by_turkish_rules(small: str, capital: str):
    assert turkish_upper(small) == capital
    assert turkish_lower(capital) == small


@given(st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyz ", max_size=30))
def test_turkish_case_goes_there_and_back_without_loss(text: str):
    assert turkish_lower(turkish_upper(text)) == text
    assert len(turkish_upper(text)) == len(text)


@pytest.mark.parametrize(
    ("name", "language", "word"),
    [
        ("İpek Işık", "tr", "ipekisik"),
        ("Müller", "de", "mueller"),
        ("Weiß", "de", "weiss"),
        ("Łukasz", "pl", "lukasz"),
        ("Щербакова", "ru", "shcherbakova"),
        ("'s Gravensande", "nl", "sgravensande"),
        ("Gökçe", "tr", "gokce"),
    ],
)
def test_an_address_is_typed_in_plain_letters(name: str, language: str, word: str):
    assert mail_word(name, language) == word


def test_a_passport_spells_russian_names_the_icao_way():
    assert [passport_latin(name) for name in ("Юлия", "Алексей", "Хрущёв")] == ["Iuliia", "Aleksei", "Khrushchev"]


def test_preferences_hold_at_most_one_of_a_group():
    for person in people(2_000):
        groups = [choice.group for choice in person.preferences]
        assert len(groups) == len(set(groups))
