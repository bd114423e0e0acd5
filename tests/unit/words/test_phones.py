"""Every spelling of one number is one number; what is no number is refused in one sentence."""

import pytest

from domain.errors import InvalidInput
from integration.adapters.phones import GuestPhones
from integration.ports.surroundings import Phones

PHONES: Phones = GuestPhones()
TURKISH = "+905321112233"


@pytest.mark.parametrize(
    "typed",
    [
        "05321112233",
        "0532 111 22 33",
        "532 111 22 33",
        "+90 532 111 22 33",
        "+90 (0) 532 111 22 33",
        "0090 532 111 22 33",
        "90 532 111 22 33",
        "(0532) 111-22-33",
        "0532.111.22.33",
        "0532/111 22 33",
        "0532\u00a0111\u202f22\u00a033",
        "٠٥٣٢ ١١١ ٢٢ ٣٣",
        "\uff10\uff15\uff13\uff12 111 22 33",
        "\u202a+90 532 111 22 33\u202c",
        "tel: 0532 111 22 33",
        "tel:+90-532-111-22-33",
        "0532 111 22 33 dahili 123",
        "0532 111 22 33 (dahili: 12)",
        "0532 111 22 33 ext. 5",
        "0532 111 22 33 x12",
        "+905321112233;ext=12",
    ],
)
def test_every_spelling_of_a_turkish_mobile_is_one_number(typed: str) -> None:
    assert PHONES.normalise(typed) == TURKISH


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("8 916 123 45 67", "+79161234567"),
        ("8 (916) 123-45-67 доб. 12", "+79161234567"),
        ("916 123 45 67", "+79161234567"),
        ("8 701 234 56 78", "+77012345678"),
        ("00 49 171 1234567", "+491711234567"),
        ("+49 (0)171 1234567", "+491711234567"),
        ("49 171 1234567", "+491711234567"),
        ("0171 1234567", "+491711234567"),
        ("07400 123456", "+447400123456"),
        ("06 12345678", "+31612345678"),
        ("604 123 456", "+48604123456"),
        ("067 123 45 67", "+380671234567"),
        ("0242 710 10 10", "+902427101010"),
        ("444 0 123", "+904440123"),
    ],
)
def test_a_guest_from_abroad_may_spell_it_as_at_home(typed: str, number: str) -> None:
    assert PHONES.normalise(typed) == number


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("8 916 123 45 67", "RU", "+79161234567"),
        ("8 916 123 45 67", "ru", "+79161234567"),
        ("089 12345678", "DE", "+498912345678"),
        ("501 234 567", "PL", "+48501234567"),
        ("050 123 45 67", "UA", "+380501234567"),
        ("0532 111 22 33", "DE", "+495321112233"),
        ("+90 532 111 22 33", "RU", TURKISH),
    ],
)
def test_the_callers_country_comes_first(typed: str, country: str, number: str) -> None:
    assert PHONES.normalise(typed, country) == number


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("abc", "digits, not letters"),
        ("0532-CALL-NOW", "digits, not letters"),
        ("", "too short"),
        ("+", "too short"),
        ("123", "too short"),
        ("1" * 18, "too long"),
        ("9" * 10_000, "too long"),
        ("+90 532 111 22 33 +90 532 111 22 34", "not a telephone number"),
        ("0532+1112233", "not a telephone number"),
        ("++905321112233", "not a telephone number"),
        ("0532 111 22 3", "no such"),
        ("0532 111 22 333", "no such"),
        ("532 111 22 3", "no such"),
        ("+90 532 111 22 3", "no such"),
        ("0242 710 10 1", "no such"),
        ("00000000000", "no such"),
        ("+999 123 456 789", "no such"),
    ],
)
def test_what_is_no_number_is_refused_by_field_without_repeating_it(typed: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        PHONES.normalise(typed)
    assert refused.value.field == "phone"
    assert not typed or typed == "+" or typed not in str(refused.value)


def test_a_country_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        PHONES.normalise("0532 111 22 33", "XX")
    assert refused.value.field == "country"


@pytest.mark.parametrize(
    ("number", "region"),
    [
        (TURKISH, "TR"),
        ("+77012345678", "KZ"),
        ("+79161234567", "RU"),
        ("+491711234567", "DE"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_region_of_a_number_is_its_country(number: str, region: str) -> None:
    assert PHONES.region(number) == region
