"""However a valid number is written, it is the same number."""

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from integration.adapters.phones import GuestPhones

PHONES = GuestPhones()
PREFIXES = {
    "TR": ("90", "0", ("532", "542", "505", "551"), 7),
    "RU": ("7", "8", ("916", "903", "925"), 7),
    "DE": ("49", "0", ("171", "175"), 7),
    "NL": ("31", "0", ("61", "62"), 7),
    "PL": ("48", "", ("601", "501", "781"), 6),
    "KZ": ("7", "8", ("701", "705"), 7),
    "UA": ("380", "0", ("67", "50"), 7),
}
GAPS = st.sampled_from(["", " ", "-", ".", "\u00a0", "/", " - "])
SCRIPTS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"])
TAILS = st.sampled_from(["", " dahili 7", " ext. 123", " (x12)", ";ext=4", " доб. 5", "  "])


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str, str]:
    """(E.164, country, a way to write it)."""
    country = draw(st.sampled_from(sorted(PREFIXES)))
    code, trunk, starts, length = PREFIXES[country]
    national = draw(st.sampled_from(starts)) + draw(st.text("0123456789", min_size=length, max_size=length))
    style = draw(
        st.sampled_from([f"+{code}", f"00{code}", f"(+{code})", f"+{code} (0)" if trunk == "0" else "+" + code, trunk])
    )
    gap, digits = draw(GAPS), draw(SCRIPTS)
    groups = [national[:3], national[3:6], national[6:]]
    written = style + gap + gap.join(group for group in groups if group)
    return f"+{code}{national}", country, written.translate(str.maketrans("0123456789", digits)) + draw(TAILS)


@given(spellings())
def test_every_spelling_of_a_mobile_number_is_its_e164(case: tuple[str, str, str]) -> None:
    number, country, written = case
    if phonenumbers.is_valid_number(phonenumbers.parse(number)):
        assert PHONES.normalise(written, country) == number


@given(spellings())
def test_a_normalised_number_normalises_to_itself(case: tuple[str, str, str]) -> None:
    number, country, _ = case
    if phonenumbers.is_valid_number(phonenumbers.parse(number)):
        assert PHONES.normalise(number, country) == PHONES.normalise(number) == number


@given(st.text(max_size=80), st.sampled_from(["TR", "RU", "DE"]))
def test_whatever_is_typed_is_a_number_or_refused_by_field(typed: str, country: str) -> None:
    try:
        answer = PHONES.normalise(typed, country)
    except InvalidInput as refused:
        answer = refused.field
    assert answer == "phone" or (answer.startswith("+") and answer[1:].isascii() and answer[1:].isdigit())
