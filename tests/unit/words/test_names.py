"""Spellings of one name share a key; names are split where their language splits them."""

import pytest

from domain.errors import InvalidInput
from integration.adapters.names import ICAO_TABLE, GuestNames
from integration.ports.surroundings import Names

NAMES: Names = GuestNames()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ayşe Yılmaz", "AYŞE YILMAZ"),
        ("Ayşe Yılmaz", "Ayse Yilmaz"),
        ("Ayşe Yılmaz", "Yılmaz Ayşe"),
        ("IĞDIR", "ığdır"),
        ("İSTANBULLU", "istanbullu"),
        ("İpek", "i\u0307pek"),
        ("Özgür", "O\u0308zgu\u0308r"),
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Weiß", "WEISS"),
        ("Weiß", "Weiẞ"),
        ("Søren Åkesson", "Soeren Aakesson"),
        ("Юлия Щербакова", "Iuliia Shcherbakova"),
        ("Юлия Щербакова", "Yuliya Shcherbakova"),
        ("Юлия Щербакова", "Yulia Shcherbakova"),
        ("Алексей", "Aleksei"),
        ("Алексей", "Aleksey"),
        ("Алексей", "Alexey"),
        ("Соловьёв", "Solovev"),
        ("Объедков", "Obieedkov"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Jan van der Berg", "Jan Berg"),
        ("van der Berg", "v.d. Berg"),
        ("Berg, van der", "van der Berg"),
        ("Anna-Lena", "Anna Lena"),
        ("Lena‑Anna", "anna lena"),
        ("O'Brien", "O’Brien"),
        ("O'Brien", "OBRIEN"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert NAMES.keys(one) & NAMES.keys(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Yılmaz", "Yıldız"), ("Müller", "Möller"), ("Иванов", "Петров"), ("Ali", "Veli")]
)
def test_different_names_share_no_key(one: str, other: str) -> None:
    assert not NAMES.keys(one) & NAMES.keys(other)


@pytest.mark.parametrize("name", ["Ayşe Yılmaz", "Юлия Щербакова", "Łukasz", "張偉", "محمد علي", "Ελένη", "Zoë 2"])
def test_keys_are_plain_lower_case_ascii_of_any_alphabet(name: str) -> None:
    keys = NAMES.keys(name)
    assert keys
    assert all(key.isascii() and key == key.lower() == key.strip() for key in keys)


@pytest.mark.parametrize("name", ["", "   ", "😀", "!?", "\u0307"])
def test_a_text_without_letters_has_no_key(name: str) -> None:
    assert NAMES.keys(name) == frozenset()


def test_a_particle_alone_is_a_name() -> None:
    assert NAMES.keys("Van")


def test_the_passport_table_has_the_33_letters() -> None:
    assert len(ICAO_TABLE) == 33
    assert [ICAO_TABLE[letter] for letter in "жйхцщъьэюя"] == ["zh", "i", "kh", "ts", "shch", "ie", "", "e", "iu", "ia"]


@pytest.mark.parametrize(
    ("full", "given", "surname"),
    [
        ("Ayşe Yılmaz", "Ayşe", "Yılmaz"),
        ("Ali Can Demir", "Ali Can", "Demir"),
        ("  Ali   Veli ", "Ali", "Veli"),
        ("Yılmaz", "", "Yılmaz"),
        ("Yılmaz, Ayşe", "Ayşe", "Yılmaz"),
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("Vincent Van Gogh", "Vincent", "Van Gogh"),
        ("van der Berg", "", "van der Berg"),
        ("Berg, Jan van der", "Jan van der", "Berg"),
        ("Karl von und zu Stein", "Karl", "von und zu Stein"),
        ("Петров Иван Иванович", "Иван Иванович", "Петров"),
        ("Иван Иванович Петров", "Иван Иванович", "Петров"),
        ("Roman Arkadyevich Abramovich", "Roman Arkadyevich", "Abramovich"),
        ("Ayşe Yılmaz-Kaya", "Ayşe", "Yılmaz-Kaya"),
        ("Ayşe,", "", "Ayşe"),
    ],
)
def test_a_full_name_is_split_where_its_language_splits_it(full: str, given: str, surname: str) -> None:
    assert NAMES.split(full) == (given, surname)


@pytest.mark.parametrize("typed", ["", "  ", "123", "😀", "A" * 201])
def test_what_is_no_name_is_refused_by_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        NAMES.split(typed)
    assert refused.value.field == "name"
