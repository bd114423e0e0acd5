"""Names that meet across alphabets and habits of spelling.

A name is filed under several **keys**, and two names may be the same if they share one. Every key is lower-case ASCII,
its words sorted, so `Yılmaz Ayşe` meets `Ayşe YILMAZ`. The spellings, for words cut at spaces and hyphens:

1. the letter itself: dotted and dotless i are one (`str.lower` does not know Turkish), then anyascii (Öztürk: ozturk,
   Алексей: aleksey, Łukasz: lukasz);
2. the German way with two letters (Müller: mueller, Weiß: weiss, Søren: soeren), as passports' machine lines do;
3. Cyrillic as passports print it, by the table of ICAO Doc 9303 (Алексей: aleksei, Юлия: iuliia);
4. by ear, marked `~`: y, j and i are one, x is ks, doubled letters single (Yulia, Юлия and Julia: ~iulia).

Particles (van der, von, de) are also left out, because Dutch guests write and sort them both ways. Keys are for finding
candidates, never for merging: among 100,000 guests every fourth shares one.
"""

import re
import unicodedata
from collections.abc import Iterable

from domain.errors import InvalidInput

_MOST_TYPED = 200
_PARTICLES = frozenset(
    {"van", "von", "vom", "zu", "zum", "zur", "de", "der", "den", "des", "het", "ten", "ter", "te", "op", "in", "di"}
    | {"da", "del", "della", "dos", "du", "la", "le", "el", "al", "bin", "ibn", "t", "s", "vd", "v", "d"}
)
_TURKISH_I = str.maketrans({"İ": "i", "I": "i", "ı": "i"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_ICAO = "a,b,v,g,d,e,e,zh,z,i,i,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,ie,y,,e,iu,ia"
ICAO_TABLE = dict(zip(_RUSSIAN, _ICAO.split(","), strict=True))
_PASSPORT = str.maketrans(ICAO_TABLE)
_BY_EAR = str.maketrans({"y": "i", "j": "i", "x": "ks", "w": "v"})
_APOSTROPHES = re.compile("['’‘`´ʼ′\"]")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—.,/_·]+")
_NOT_KEY = re.compile("[^a-z0-9]")
_PATRONYMIC = re.compile(r"(?:ович|евич|ич|овна|евна|ична|инична|ovich|evich|ovna|evna)$", re.IGNORECASE)
_FULL_RUSSIAN = 3


def _words(name: str) -> list[str]:
    """Lower-case words of a name, of whatever alphabet, without apostrophes."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name[:_MOST_TYPED]))
    lower = plain.translate(_TURKISH_I).casefold()
    spelt = "".join(letter for letter in lower if unicodedata.category(letter)[0] in "LMN" or _BETWEEN.match(letter))
    return [word for word in _BETWEEN.split(spelt) if word]


def _key(words: Iterable[str]) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - its tables are read when a name is first spelt

    ascii_words = (_NOT_KEY.sub("", anyascii(word).lower()) for word in words)
    return " ".join(sorted(word for word in ascii_words if word))


def _by_ear(key: str) -> str:
    sound = key.translate(_BY_EAR)
    return "~" + " ".join(sorted(re.sub(r"(.)\1+", r"\1", sound).split()))


class GuestNames:
    """Satisfies `integration.ports.surroundings.Names`."""

    def split(self, full_name: str) -> tuple[str, str]:
        """Given name(s) and surname.

        `Jan van der Berg` gives ("Jan", "van der Berg"), `Yılmaz, Ayşe` ("Ayşe", "Yılmaz"), `Петров Иван Иванович`
        ("Иван Иванович", "Петров"); one word is a surname. InvalidInput (field `name`) for none or too many letters.
        """
        name = " ".join(unicodedata.normalize("NFC", full_name).split())
        if not any(character.isalpha() for character in name):
            raise InvalidInput("A name needs at least one letter.", field="name")
        if len(name) > _MOST_TYPED:
            raise InvalidInput("A name has at most {most} letters.", most=_MOST_TYPED, field="name")
        surname, comma, given = name.partition(",")
        if comma and surname.strip() and given.strip():
            return given.strip(), surname.strip()
        words = name.replace(",", " ").split()
        if _is_surname_first(words):
            return " ".join(words[1:]), words[0]
        first = _surname_at(words)
        return " ".join(words[:first]), " ".join(words[first:])

    def keys(self, name: str) -> frozenset[str]:
        """Keys of a whole name or of a part; empty for a text without letters. Equal parts, equal keys."""
        words = _words(name)
        bare = [word for word in words if word not in _PARTICLES] or words
        spelt: set[str] = set()
        for chosen in (words, bare):
            spelt.add(_key(chosen))
            spelt.add(_key(word.translate(_GERMAN) for word in chosen))
            spelt.add(_key(word.translate(_PASSPORT) for word in chosen))
        spelt.discard("")
        return frozenset(spelt | {_by_ear(key) for key in spelt})


def _is_surname_first(words: list[str]) -> bool:
    """Whether it is a Russian name as officials write it: surname, given name, patronymic."""
    return len(words) == _FULL_RUSSIAN and bool(_PATRONYMIC.search(words[2])) and not _PATRONYMIC.search(words[1])


def _surname_at(words: list[str]) -> int:
    """Index of the first word of the surname: the first particle after a given name, else the last word."""
    if words[0].islower() and words[0].strip(".'’") in _PARTICLES:
        return 0
    for index, word in enumerate(words[1:-1], 1):
        if word.casefold().strip(".'’") in _PARTICLES:
            return index
    return len(words) - 1
