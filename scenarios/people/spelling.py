"""Letters: Turkish capitals, and the Latin spelling a passport gives a name.

Turkish has a dotted and a dotless i, and Python's `lower` and `upper` know
neither: `'İ'.lower()` is two code points, `'i'.upper()` is `I`. Russian names
reach a hotel in Cyrillic from the guest and in Latin from the passport, which
follows the ICAO table of 33 letters (Юлия becomes Iuliia).
"""

import unicodedata

ICAO: dict[str, str | int | None] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu",
    "я": "ia",
}  # fmt: skip
SPELLED = str.maketrans(
    ICAO | {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d"},
)
TURKISH_PLAIN = str.maketrans({"ö": "o", "ü": "u", "ç": "c", "ş": "s", "ğ": "g", "ı": "i"})
TO_UPPER = str.maketrans({"i": "İ", "ı": "I"})
TO_LOWER = str.maketrans({"I": "ı", "İ": "i"})


def turkish_upper(text: str) -> str:
    """Give `text` in capitals by Turkish rules: i becomes İ, ı becomes I."""
    return text.translate(TO_UPPER).upper()


def turkish_lower(text: str) -> str:
    """Give `text` in small letters by Turkish rules: I becomes ı, İ becomes i."""
    return text.translate(TO_LOWER).lower()


def passport_latin(name: str) -> str:
    """Give a Cyrillic name in the ICAO spelling, first letter of each word a capital."""
    latin = name.lower().translate(str.maketrans(ICAO))
    return "-".join(part[:1].upper() + part[1:] for part in latin.split("-"))


def mail_word(name: str, language: str) -> str:
    """Give `name` as a person would type it in an address: a-z only, ü as u in Turkish and ue in German."""
    lower = turkish_lower(name).translate(TURKISH_PLAIN) if language == "tr" else name.lower()
    plain = unicodedata.normalize("NFKD", lower.translate(SPELLED))
    return "".join(char for char in plain if "a" <= char <= "z")
