"""Every spelling of a telephone number, as one: E.164.

What is typed is cleaned first: digits of any script become ASCII, marks that cannot be seen are dropped, `00` in front
becomes `+`, an extension (`dahili 12`, `ext. 12`, `доб. 12`) is cut off because E.164 has none. Letters are refused: a
number that is spelt is a number that is guessed. A number without a country code is then tried in this order, and the
first that exists wins:

1. at least 11 digits and no 0 in front: as if `+` stood there, if that is a mobile number (`49 171 ...`, `90 532 ...`);
2. the caller's country, when it is given, then Turkey;
3. the countries guests call from (`GUEST_COUNTRIES`, in that order), mobile numbers only (`8 916 ...` is Russian). A
   number in the shape of a Turkish mobile (`5...`, `05...`) is not tried there: it is a Turkish number with a slip.

So an ambiguous number belongs to Turkey before Russia before Germany; an agent who knows better types the country code.
"Exists" is the numbering plan of the `phonenumbers` release, not a call.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from domain.errors import InvalidInput
from domain.identity import LineKind

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

HOME = "TR"
GUEST_COUNTRIES = ("RU", "DE", "GB", "NL", "PL", "KZ", "UA")
_EXAMPLES = "+90 532 111 22 33, 0532 111 22 33, 0049 171 1234567"
_MOST_TYPED = 60
_LEAST_DIGITS, _MOST_DIGITS = 5, 17
_INTERNATIONAL_DIGITS = 11
_LEAST_SPELT, _MOST_E164 = 8, 15
_SCHEME = re.compile(r"^\s*(?:tel|phone|telefon|тел|whatsapp)\s*[.:]\s*", re.IGNORECASE)
_EXTENSION = re.compile(
    r"[\s,;(/-]*(?:;ext=|\b(?:dahil[iî]|dah|ext(?:ension)?|durchwahl|dw|toestel|wewn|доб(?:авочный)?|вн)\b\.?|[x#])"
    r"\s*[:.]?\s*\d{1,7}\s*\)?\s*$",
    re.IGNORECASE,
)
_INVISIBLE = {"Cf", "Cc", "Mn"}


def _clean(typed: str) -> str:
    """Plain characters only: ASCII digits, `+`, and whatever stands between them."""
    plain = []
    for character in unicodedata.normalize("NFKC", typed):
        digit = unicodedata.digit(character, None)
        if digit is not None:
            plain.append(str(digit))
        elif unicodedata.category(character) not in _INVISIBLE:
            plain.append(character)
    return _EXTENSION.sub("", _SCHEME.sub("", "".join(plain))).strip()


def _digits_of(typed: str) -> tuple[str, bool]:
    """Digits, and whether a country code leads them. InvalidInput for what cannot be a number."""
    if len(typed) > _MOST_TYPED:
        raise InvalidInput("The telephone number is too long.", field="phone", hint=_EXAMPLES)
    text = _clean(typed)
    if any(character.isalpha() for character in text):
        raise InvalidInput("A telephone number has digits, not letters.", field="phone", hint=_EXAMPLES)
    digits = "".join(character for character in text if character.isdigit())
    leads = text.lstrip(" ([").startswith("+")
    if "+" in text and (not leads or text.count("+") > 1):
        raise InvalidInput("This is not a telephone number.", field="phone", hint=_EXAMPLES)
    if not leads and digits.startswith("00"):
        digits, leads = digits[2:], True
    if len(digits) < _LEAST_DIGITS:
        raise InvalidInput("The telephone number is too short.", field="phone", hint=_EXAMPLES)
    if len(digits) > _MOST_DIGITS:
        raise InvalidInput("The telephone number is too long.", field="phone", hint=_EXAMPLES)
    return digits, leads


class GuestPhones:
    """Satisfies `integration.ports.surroundings.Phones`."""

    def normalise(self, typed: str, country: str = HOME) -> str:
        """E.164. InvalidInput (field `phone`, or `country` for a country that is none) otherwise."""
        import phonenumbers  # noqa: PLC0415 - 40 ms that only a typed number is worth

        caller = country.upper()
        if caller not in phonenumbers.SUPPORTED_REGIONS:
            raise InvalidInput("{country} is not a country.", country=country[:20], field="country")
        digits, leads = _digits_of(typed)
        found = _parsed(f"+{digits}", None) if leads else _national(digits, caller)
        if found is None:
            raise InvalidInput("There is no such telephone number.", field="phone", hint=_EXAMPLES)
        return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)

    def spelt(self, typed: str) -> str:
        """`+` and the digits typed, when they have a number's length and begin with a country code; else empty."""
        try:
            digits, _ = _digits_of(typed)
        except InvalidInput:
            return ""
        is_long_enough = _LEAST_SPELT <= len(digits) <= _MOST_E164
        return f"+{digits}" if is_long_enough and not digits.startswith("0") else ""

    def region(self, e164: str) -> str:
        """ISO 3166 country of a number, empty when unknown."""
        import phonenumbers  # noqa: PLC0415 - as above

        found = _parsed(e164, None)
        return (phonenumbers.region_code_for_number(found) or "") if found is not None else ""

    def line(self, e164: str) -> LineKind:
        """What sort of line a number is; a number that may be either counts as a mobile."""
        return _line_of(e164)


@lru_cache(maxsize=20_000)
def _line_of(e164: str) -> LineKind:
    import phonenumbers  # noqa: PLC0415 - as above

    found = _parsed(e164, None)
    if found is None:
        return LineKind.UNKNOWN
    kinds = phonenumbers.PhoneNumberType
    kind = phonenumbers.number_type(found)
    if kind in {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.PERSONAL_NUMBER}:
        return LineKind.MOBILE
    if kind == kinds.FIXED_LINE:
        return LineKind.FIXED
    return LineKind.UNKNOWN if kind == kinds.UNKNOWN else LineKind.SHARED


def _parsed(digits: str, region: str | None, *, mobile: bool = False) -> "PhoneNumber | None":
    """The number if it exists (as a mobile number), else None."""
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    if mobile and phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
        return None
    return number


def _national(digits: str, caller: str) -> "PhoneNumber | None":
    """Try the countries in the order of this module's rule; None when no country has it."""
    if len(digits) >= _INTERNATIONAL_DIGITS and not digits.startswith("0"):
        number = _parsed(f"+{digits}", None, mobile=True)
        if number is not None:
            return number
    attempts = [(region, False) for region in dict.fromkeys((caller, HOME))]
    if not digits.removeprefix("0").startswith("5"):
        attempts += [(region, True) for region in GUEST_COUNTRIES]
    found = (_parsed(digits, region, mobile=mobile) for region, mobile in attempts)
    return next((number for number in found if number is not None), None)
