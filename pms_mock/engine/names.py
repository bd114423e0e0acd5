"""How the hotel compares names, phones and e-mail addresses.

Deliberately plain, because nothing better is promised by the vendor `[unv]`: names are compared from their beginning,
without regard to case (the Turkish way too: I, İ, ı and i are one) or to marks on letters (`Akcay` finds `Akçay`,
`Juttner` finds `Jüttner`, `Juettner` does not; alphabets are not bridged); a phone is its digits, without a leading
`00`; an e-mail is compared without regard to case, whole.
"""

import unicodedata

_LAST = "\U0010ffff"
_ONE_I = str.maketrans({"I": "i", "İ": "i", "ı": "i"})
_NO_MARK_OF_ITS_OWN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def name_key(name: str) -> str:
    """The text that a name is searched by."""
    folded = unicodedata.normalize("NFKD", name.translate(_ONE_I).casefold()).translate(_NO_MARK_OF_ITS_OWN)
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def prefix_range(key: str) -> tuple[str, str]:
    """Bounds so that `low <= x < high` are the texts beginning with `key`."""
    return key, key + _LAST


def phone_key(phone: str) -> str:
    """Digits only; `+90 532`, `0090532` and `90532` are the same, `0532` is not."""
    digits = "".join(filter(str.isdecimal, phone))
    return digits.removeprefix("00")


def email_key(email: str) -> str:
    """The address in lower case."""
    return email.strip().casefold()
