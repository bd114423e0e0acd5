"""How a sender is known: telephone numbers and addresses in one spelling.

A number is written E.164 when the numbering plan knows it; else it is kept as it came, because a number we cannot read
may still ring. Extensions of the house, withheld numbers and names in a number's place are no handle at all.
"""

import re
from contextlib import suppress

from domain.contact import Handle, Vouching
from domain.errors import InvalidInput
from domain.guest import IdentityKind
from integration.adapters.phones import HOME, GuestPhones

_PHONES = GuestPhones()
_INTERNATIONAL = re.compile(r"\+?[0-9]{7,15}")
_LEAST_DIGITS, _MOST_TYPED = 7, 60
# What Twilio sends in place of a withheld number: RESTRICTED, BLOCKED, UNKNOWN, ANONYMOUS, UNAVAILABLE on a keypad.
_WITHHELD = frozenset({"+7378742833", "+2562533", "+8566696", "+266696687", "+86282452253"})
_MOST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\]+")


def phone(raw: str, vouching: Vouching = Vouching.NETWORK, country: str = HOME) -> tuple[Handle, ...]:
    """No handle, or the number's. An extension of up to six digits is none."""
    raw = raw.strip()
    digits = sum(character.isdigit() for character in raw)
    is_number = digits >= _LEAST_DIGITS and len(raw) <= _MOST_TYPED and raw not in _WITHHELD
    if not is_number or any(character.isalpha() for character in raw):
        return ()
    return (Handle(IdentityKind.PHONE, _spelt(raw, country), vouching=vouching),)


def international(raw: str) -> tuple[Handle, ...]:
    """A number that starts with its country, with or without `+`, as WhatsApp has it: E.164 already, so that the
    numbering plan (a tenth of a millisecond each, a thousand to a batch) has nothing to add."""
    raw = raw.strip()
    return (Handle(IdentityKind.PHONE, f"+{raw.lstrip('+')}"),) if _INTERNATIONAL.fullmatch(raw) else ()


def address(raw: str, vouching: Vouching) -> tuple[Handle, ...]:
    """No handle, or the address in lower case (a mailbox that tells cases apart is a rarity)."""
    value = raw.strip().lower()
    if len(value) > _MOST_ADDRESS or not _ADDRESS.fullmatch(value):
        return ()
    return (Handle(IdentityKind.EMAIL, value, vouching=vouching),)


def _spelt(raw: str, country: str) -> str:
    """Exchanges leave out the `+` of a number that begins with its country (`493055571600`)."""
    for one in (raw, f"+{raw}"):
        with suppress(InvalidInput):
            return _PHONES.normalise(one, country)
    return raw
