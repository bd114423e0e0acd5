"""How the hotel compares names, phones and e-mail addresses.

Deliberately plain, because nothing better is promised by the vendor `[unv]`: names are compared without regard to
case and from their beginning (`YIL` finds `Yılmaz` no more than it finds `Yilmaz`: accents and scripts are not
folded); a phone is its digits, without a leading `00`; an e-mail is compared without regard to case, whole.
"""

_LAST = "\U0010ffff"


def name_key(name: str) -> str:
    """The text that a name is searched by."""
    return " ".join(name.casefold().split())


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
