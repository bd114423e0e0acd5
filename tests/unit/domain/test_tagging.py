"""What words say: docs/algorithms/handoff.md, chapter 5. The words that are shipped are tested with the hotel file."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.signals import Signal, Tag
from domain.tagging import ContactFacts, Reason, WordRule, WordRules, fold_turkish, pattern_words, words_of

CANCEL = WordRule("cancel_tr", Signal.CANCELLATION, "tr", ("iptal*",), ("ücretsiz iptal*", "iptal koşul*"))
CALL_OFF = WordRule("cancel_de", Signal.CANCELLATION, "de", ("sage .. ab", "stornier*"))
VIP = WordRule("vip", Tag.VIP, "en", ("vip",))
RULES = WordRules((CANCEL, CALL_OFF, VIP), {"tr": ("ve", "mi"), "de": ("und", "ich"), "en": ("and",)})


def given_by(text: str) -> list[tuple[str, str]]:
    return [(reason.rule, reason.words) for reason in RULES.read(text).reasons]


@pytest.mark.parametrize(
    "text", ["iptal", "İPTAL", "IPTAL", "İptal", "ıptal", "i̇ptal", unicodedata.normalize("NFD", "İPTAL")]
)
def test_every_way_of_writing_the_turkish_i_is_one(text: str):
    assert fold_turkish(text) == "iptal"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("IŞIK ışık Işık", "isik isik isik"),
        ("ŞİKÂYET şikayet SIKAYET", "sikayet sikayet sikayet"),
        ("Straße für MÜLLER", "strasse fur muller"),
        ("Ещё Ёлка ОТМЕНА", "еще елка отмена"),
        ("", ""),
        ("👍🏽 ok", "👍🏽 ok"),
    ],
)
def test_capitals_and_accents_do_not_matter(text: str, folded: str):
    assert fold_turkish(text) == folded


@given(st.text())
def test_folding_a_folded_text_changes_nothing_more(text: str):
    once = fold_turkish(text)
    assert fold_turkish(once) == once
    assert fold_turkish(unicodedata.normalize("NFD", text)) == fold_turkish(unicodedata.normalize("NFC", text))


@given(st.text(), st.text())
def test_any_text_can_be_read_and_words_around_take_nothing_away(before: str, after: str):
    assert Tag.VIP in RULES.read(f"{before} vip {after}").marks


def test_a_stem_finds_every_ending_and_a_word_only_itself():
    assert given_by("rezervasyonumun iptalini istiyorum") == [("cancel_tr", "iptalini")]
    assert given_by("vipers") == []
    assert given_by("VIP'im") == [("vip", "vip")]


def test_words_that_are_no_such_wish_give_nothing():
    assert given_by("ÜCRETSİZ İPTAL var mı?") == []
    assert given_by("iptal koşullarınız nedir") == []


def test_what_is_taken_out_of_play_once_can_still_be_said_elsewhere():
    assert given_by("ücretsiz iptal vardı, iptal ediyorum") == [("cancel_tr", "iptal")]


def test_a_gap_lets_six_words_stand_between_and_no_more():
    assert given_by("ich sage die Reservierung leider ab") == [("cancel_de", "sage die reservierung leider ab")]
    assert given_by("sage ab") == [("cancel_de", "sage ab")]
    assert given_by("sage a b c d e f ab") != []
    assert given_by("sage a b c d e f g ab") == []


def test_each_thing_found_names_its_rule_once():
    assert given_by("iptal iptal iptali") == [("cancel_tr", "iptal")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ich und ich", "de"),
        ("ve", "tr"),
        ("Привет", "ru"),
        ("and und", None),
        ("12345 !!!", None),
        ("stornieren", "de"),
    ],
)
def test_the_language_is_the_one_most_words_speak_for(text: str, language: str | None):
    assert RULES.read(text).language == language


def test_what_is_known_of_a_contact_gives_tags_without_a_word():
    facts = ContactFacts(is_from_ota=True, vip_level="VIP2", stays=3, arrives_in_s=40 * 3600)
    read = RULES.read_contact("👍", facts)
    assert read.marks == {Tag.OTA, Tag.VIP, Signal.REPEAT_GUEST, Signal.ARRIVAL_SOON}
    assert Reason(Tag.VIP, "vip_level", "VIP2") in read.reasons


@pytest.mark.parametrize("arrives_in_s", [None, -1, 48 * 3600 + 1])
def test_an_arrival_that_is_far_off_or_over_is_not_soon(arrives_in_s: float | None):
    assert RULES.read_contact("", ContactFacts(arrives_in_s=arrives_in_s)).marks == frozenset()


def test_a_very_long_text_is_read_in_part():
    assert len(words_of("iptal " * 5_000)) == 2_000


@pytest.mark.parametrize("wrong", ["", "  ", "ab*", ".. ab", "sage ..", "a+b", "*", "ip*tal"])
def test_a_pattern_that_cannot_be_is_refused(wrong: str):
    with pytest.raises(ValueError, match=r"pattern|word|stem"):
        pattern_words(wrong)
