"""Words that say what a message is about, in Turkish, English, German and Russian, whatever their endings.

A **word rule** is data: it gives a tag or signal when one of its patterns stands in a text. A pattern is one word or a
few in a row, written folded or not: `vip` is that word, `iptal*` any word that begins so (iptalini, iptali, iptal),
`sage .. ab` allows up to six words between. `unless` patterns are looked for first and take their words out of play
for what the rule gives: who asks for "ücretsiz iptal" is not cancelling. Each thing found says by which rule
and which words.

Folding makes the spellings of one word one: Turkish i without and with a dot (`İPTAL`, `IPTAL`, `iptal`; `str.lower`
knows only the English pair), accents (şikayet, sikayet; für, fur; ещё, еще), composed or not.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from domain.signals import SOON_S, Mark, Signal, Tag, is_arrival_soon

_LONE = {"ı": "i", "İ": "i", "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
_WORD = re.compile(r"\w+")
_STEM = "*"
_GAP = ".."
_MOST_GAP = 6
_MOST_WORDS = 2_000
_SHORTEST_STEM = 3


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bare.translate(_LONE_TABLE).lower()


_LONE_TABLE = str.maketrans(_LONE)
_READY = re.compile("[\x00-\x7f\u0430-\u044f\u2010-\u201f]*")


@cache
def _letters() -> dict[int, str]:
    """Latin and Cyrillic letters folded, settled once; for other texts Unicode is asked letter by letter."""
    codes = (*range(0xC0, 0x250), *range(0x400, 0x460))
    return {code: _without_marks(chr(code).translate(_LONE_TABLE).lower()) for code in codes}


def fold_turkish(text: str) -> str:
    """Small letters without marks, every i the same: `IŞIK`, `Işık` and `isik` give `isik`, `ЁЛКА` gives `елка`."""
    if text.isascii():
        return text.lower()
    folded = text.translate(_letters()).lower()
    return folded if _READY.fullmatch(folded) else _without_marks(folded)


def words_of(text: str) -> list[str]:
    """The folded words of a text, 2,000 at most; an apostrophe parts a Turkish ending from its word."""
    return _WORD.findall(fold_turkish(text))[:_MOST_WORDS]


@dataclass(frozen=True, slots=True)
class WordRule:
    """`gives` when one of `any_of` stands in the text, its ends not taken by `unless`; `language`: of its words."""

    code: str
    gives: Mark
    language: str
    any_of: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was given: the rule, and the words of the text that met it."""

    gives: Mark
    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of one text say. `language`: None when the words do not tell."""

    reasons: tuple[Reason, ...] = ()
    language: str | None = None

    @property
    def marks(self) -> frozenset[Mark]:
        """The tags and signals."""
        return frozenset(reason.gives for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is known of a contact beside its words. `vip_level`: the guest's in the PMS, empty for none; `stays`:
    earlier ones; `arrives_in_s`: seconds until the arrival of the guest's next reservation."""

    is_from_ota: bool = False
    vip_level: str = ""
    stays: int = 0
    arrives_in_s: float | None = None

    def reasons(self) -> tuple[Reason, ...]:
        """What the facts give, each under the name of the fact."""
        found: list[Reason] = []
        if self.is_from_ota:
            found.append(Reason(Tag.OTA, "channel", ""))
        if self.vip_level:
            found.append(Reason(Tag.VIP, "vip_level", self.vip_level))
        if self.stays:
            found.append(Reason(Signal.REPEAT_GUEST, "stays", str(self.stays)))
        if self.arrives_in_s is not None and is_arrival_soon(self.arrives_in_s, 0, SOON_S):
            found.append(Reason(Signal.ARRIVAL_SOON, "arrival", f"{self.arrives_in_s / 3600:.0f} h"))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[str, ...]
    stem: str
    rule: WordRule
    is_unless: bool

    def end(self, words: list[str], at: int) -> int | None:
        """Where it ends if its first word stands at `at`; None when the rest does not follow."""
        place, reach = at, 1
        for wanted in self.words[1:]:
            if wanted == _GAP:
                reach = _MOST_GAP + 1
                continue
            found = next(
                (n for n in range(place + 1, min(place + 1 + reach, len(words))) if _fits(words[n], wanted)), None
            )
            if found is None:
                return None
            place, reach = found, 1
        return place + 1


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith(_STEM) else word == wanted


def pattern_words(pattern: str) -> tuple[str, ...]:
    """A pattern, folded and cut. ValueError when it does not begin and end with a word, a stem is shorter than three
    letters, or a character is neither letter, digit, `*` at a word's end nor `..`."""
    words = tuple(fold_turkish(word) for word in pattern.split())
    if not words or _GAP in (words[0], words[-1]):
        raise ValueError("a pattern begins and ends with a word")
    for word in words:
        stem = word.removesuffix(_STEM)
        if word != _GAP and not _WORD.fullmatch(stem):
            raise ValueError(f"{word!r} is not a word")
        if word.endswith(_STEM) and len(stem) < _SHORTEST_STEM:
            raise ValueError(f"the stem {word!r} is shorter than {_SHORTEST_STEM} letters")
    return words


@dataclass(frozen=True, slots=True)
class WordRules:
    """All word rules, made ready: a text costs two look-ups a word, however many rules there are.

    `tell_tales`: small words by language that tell it (`ve`, `und`); a rule's own words count as well.
    """

    rules: tuple[WordRule, ...]
    tell_tales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _whole: dict[str, list[_Pattern]] = field(init=False, repr=False, compare=False)
    _stems: dict[str, list[_Pattern]] = field(init=False, repr=False, compare=False)
    _tell: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """File every pattern under its first word or first three letters."""
        whole: dict[str, list[_Pattern]] = {}
        stems: dict[str, list[_Pattern]] = {}
        for rule in self.rules:
            for patterns, is_unless in ((rule.any_of, False), (rule.unless, True)):
                for words in map(pattern_words, patterns):
                    first = words[0]
                    filed, key = (stems, first[:_SHORTEST_STEM]) if first.endswith(_STEM) else (whole, first)
                    filed.setdefault(key, []).append(_Pattern(words, first.removesuffix(_STEM), rule, is_unless))
        tell: dict[str, tuple[str, ...]] = {}
        for language, small in self.tell_tales.items():
            for word in map(fold_turkish, small):
                tell[word] = (*tell.get(word, ()), language)
        object.__setattr__(self, "_whole", whole)
        object.__setattr__(self, "_stems", stems)
        object.__setattr__(self, "_tell", tell)

    def read_contact(self, text: str, facts: ContactFacts) -> Reading:
        """What the words of a contact and the facts about it say together."""
        said = self.read(text)
        return Reading((*facts.reasons(), *said.reasons), said.language)

    def read(self, text: str) -> Reading:
        """What the words of a text say; the same text, the same answer."""
        words = words_of(text)
        found = self._found(words)
        taken = {(one.rule.gives, n) for one, at, end in found if one.is_unless for n in range(at, end)}
        reasons: dict[tuple[Mark, str], Reason] = {}
        for one, at, end in found:
            if one.is_unless or any((one.rule.gives, n) in taken for n in (at, end - 1)):
                continue
            reason = Reason(one.rule.gives, one.rule.code, " ".join(words[at:end]))
            reasons.setdefault((reason.gives, reason.rule), reason)
        spoken = [one.rule.language for one, _, _ in found]
        return Reading(tuple(reasons.values()), self._language(words, spoken))

    def _found(self, words: list[str]) -> list[tuple[_Pattern, int, int]]:
        found: list[tuple[_Pattern, int, int]] = []
        for at, word in enumerate(words):
            near = [one for one in self._stems.get(word[:_SHORTEST_STEM], ()) if word.startswith(one.stem)]
            for pattern in (*self._whole.get(word, ()), *near):
                end = at + 1 if len(pattern.words) == 1 else pattern.end(words, at)
                if end is not None:
                    found.append((pattern, at, end))
        return found

    def _language(self, words: list[str], spoken: Iterable[str]) -> str | None:
        """The language most words speak for; None on a draw or when none does."""
        votes: dict[str, int] = {}
        for word in words:
            if "\u0400" <= word[0] <= "\u04ff":
                votes["ru"] = votes.get("ru", 0) + 1
            else:
                for language in self._tell.get(word, ()):
                    votes[language] = votes.get(language, 0) + 2
        for language in spoken:
            votes[language] = votes.get(language, 0) + 1
        ranked = sorted(votes.items(), key=lambda vote: -vote[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]
