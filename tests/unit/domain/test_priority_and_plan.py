"""Priority, and the pages drawn from the live rules: docs/algorithms/handoff.md, chapters 3, 4 and 6."""

from pathlib import Path

import pytest

from domain.channel_plan import flow_diagram, life_diagram, plan_rows, plan_table, span_words
from domain.contact import Channel
from domain.handoff import HandoffRule, HandoffRules, HandoffState, Trigger
from domain.plan_words import plan_words
from domain.priority import PriorityLevel, PriorityRules
from domain.roles import DEFAULT_ROLES, ChannelRole
from domain.signals import MARKS, Signal, Tag, bits_of
from domain.sla import TargetBook

RULES, POINTS = HandoffRules(), PriorityRules()
PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "handoff.md"


def test_points_add_up_and_say_what_they_are_for():
    read = POINTS.explain(bits_of([Tag.VIP, Signal.CRISIS, Tag.SUPPORT]))
    assert (read.points, read.level) == (90, PriorityLevel.URGENT)
    assert read.reasons == ((Signal.CRISIS, 60), (Tag.VIP, 30))


def test_an_arrival_within_two_days_raises_the_priority():
    assert POINTS.level(0) is PriorityLevel.NORMAL
    assert POINTS.level(bits_of([Signal.ARRIVAL_SOON])) is PriorityLevel.HIGH


def test_every_signal_more_never_lowers_the_usual_priority():
    assert all(POINTS.count(bits_of(MARKS[:n])) <= POINTS.count(bits_of(MARKS[: n + 1])) for n in range(len(MARKS)))


def test_urgent_asks_for_more_than_high():
    with pytest.raises(ValueError, match="urgent"):
        PriorityRules(high_from=60, urgent_from=60)


def test_every_channel_that_carries_guests_has_a_role():
    assert set(DEFAULT_ROLES) == {one for one in Channel if one.value != "payment"}
    assert DEFAULT_ROLES[Channel.PHONE] is ChannelRole.CLOSING


def test_the_table_follows_the_rules_that_decide():
    only = HandoffRules((HandoffRule(Trigger.UNSOLVED_TURNS, (Channel.EMAIL,), (Channel.PHONE,), min_turns=3),))
    rows = plan_rows({Channel.EMAIL: ChannelRole.WRITTEN_OFFERS}, only, TargetBook(), 0)
    assert [(row.scenario, row.when, row.to) for row in rows] == [
        ("written_offers", ("stays_here",), (Channel.EMAIL,)),
        ("unsolved_turns", ("turns>=3",), (Channel.PHONE,)),
    ]
    assert rows[0].first_response_s == 4 * 3600


def test_the_table_is_told_in_two_languages():
    rows = plan_rows(DEFAULT_ROLES, RULES, TargetBook(), 0)
    headings, lines = plan_table(rows, "tr")
    assert headings == ("Kanal", "Senaryo", "Ne zaman", "Nereye", "İlk yanıt", "Çözüm")
    assert ("WhatsApp", "Çözülmeyen yazışma", "2 veya daha çok çözülmemiş tur", "Telefon", "", "") in lines
    assert plan_table(rows, "en")[1][0][4] == "20 s"


@pytest.mark.parametrize(
    "code", [*(c for c in Channel if c in DEFAULT_ROLES), *ChannelRole, *Trigger, *Signal, *HandoffState]
)
def test_every_code_of_the_plan_has_turkish_words(code: str):
    assert plan_words("tr")(code) != plan_words("tr")(f"{code}?").removesuffix("?") or code in {"whatsapp", "sms"}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (20, "20 s"), (120, "120 s"), (1800, "30 min"), (3600, "1 h"), (5400, "90 min"), (14400, "4 h")],
)
def test_spans_are_told_in_the_unit_that_fits(seconds: float | None, words: str):
    assert span_words(seconds, plan_words("en")) == words


def test_the_flow_shows_every_way_the_rules_lead():
    drawn = flow_diagram(RULES, "en")
    assert drawn.startswith("flowchart LR\n")
    assert "by_phone_sale_3 --> email" in drawn
    assert sum(" --> by_" in line for line in drawn.splitlines()) == sum(len(rule.sources) for rule in RULES.rules)


@pytest.mark.parametrize("drawn", [flow_diagram(RULES, "en"), life_diagram("en")], ids=["flow", "life"])
def test_the_page_shows_the_pictures_of_the_usual_rules(drawn: str):
    assert f"```mermaid\n{drawn}```" in PAGE.read_text(encoding="utf-8")
