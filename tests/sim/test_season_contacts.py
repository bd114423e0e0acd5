"""From drawn days to the engine's contacts: handoffs by the domain's rules, queues, fallbacks, outbound calls."""

from itertools import product

import numpy as np
import pytest

from domain.contact import Channel
from domain.handoff import DEFAULT_RULES, HandoffRule, HandoffRules, Trigger, decide_handoff
from domain.signals import BITS, Signal
from scenarios.demand import draw_day
from sim.plan import WhenClosed, Work
from sim.season import FollowUps
from sim.season_handoff import HandoffTable
from tests.sim.seasons import SEED, joined, loaded, model, season

MONDAY = 62


def test_the_base_case_hands_over_fifteen_to_twenty_of_a_hundred_message_cases() -> None:
    of, band = model(), loaded().scenario.targets.handoff
    draws = season(of.demand)
    contacts = [of.contacts(draw) for draw in draws]
    is_message = joined(draws, "channel") != of.channels.index("phone")
    is_handed_over = np.isfinite(np.concatenate([one.handoff_at for one in contacts]))
    assert not is_handed_over[~is_message].any()
    rate = is_handed_over[is_message].mean()
    assert band.low + 0.005 < rate < band.high - 0.005


def test_every_contact_is_decided_as_the_domain_decides_turn_by_turn() -> None:
    of, rules = model(), HandoffRules()
    draw = draw_day(of.demand, SEED, 0, MONDAY)
    contacts = of.contacts(draw)
    for row in range(len(draw)):
        channel = Channel(of.channels[draw.channel[row]])
        unsolved, handed_after = int(draw.unsolved_turns[row]), 0
        for turn in range(1, int(draw.turns[row]) + 1):
            if decide_handoff(turn if turn <= unsolved else 0, int(draw.signals[row]), rules.of(channel)):
                handed_after = turn
                break
        wanted = draw.work[row] * handed_after / draw.turns[row] if handed_after else np.inf
        assert contacts.handoff_at[row] == pytest.approx(wanted)


def test_messages_of_an_ota_are_handed_over_for_a_signal_and_not_for_turns() -> None:
    table = HandoffTable([HandoffRules()], ["phone", "ota"])
    assert table.ask(HandoffRules(), Channel.OTA, 5, 0) == (0, 0)
    assert table.ask(HandoffRules(), Channel.OTA, 0, BITS[Signal.CRISIS]) == (1, 0)


def test_a_signal_goes_before_turns_and_turns_wait_for_the_second() -> None:
    rules, table = HandoffRules(), HandoffTable([HandoffRules()], ["phone", "whatsapp"])
    assert table.ask(rules, Channel.WHATSAPP, 4, 0) == (2, 0)
    assert table.ask(rules, Channel.WHATSAPP, 4, BITS[Signal.LAST_MINUTE]) == (1, 0)
    assert table.ask(rules, Channel.WHATSAPP, 0, 0) == (0, 0)


def test_each_hotel_is_served_by_its_own_rules_and_each_combination_asked_once() -> None:
    patient = HandoffRule(Trigger.UNSOLVED_TURNS, (Channel.WHATSAPP,), (Channel.PHONE,), min_turns=4)
    own = HandoffRules((patient, *(rule for rule in DEFAULT_RULES if rule.trigger is not Trigger.UNSOLVED_TURNS)))
    of = model()
    hotels = len(of.demand.hotels)
    table = HandoffTable([HandoffRules() if hotel % 2 else own for hotel in range(hotels)], of.demand.channels)
    draw = draw_day(of.demand, SEED, 0, MONDAY)
    turn, target = table.of(draw)
    again, _ = table.of(draw)
    assert np.array_equal(turn, again)
    whatsapp = (draw.channel == of.channels.index("whatsapp")) & (draw.signals == 0)
    for hotel_rest, needed in ((0, 4), (1, 2)):
        rows = whatsapp & (draw.hotel % 2 == hotel_rest)
        assert ((turn[rows] > 0) == (draw.unsolved_turns[rows] >= needed)).all()
        assert set(turn[rows]) <= {0, needed}
    assert set(target[turn > 0]) == {of.channels.index("phone")}


def test_a_handoff_without_a_channel_to_go_to_stays_where_it_is() -> None:
    assert HandoffTable([HandoffRules()], ["whatsapp"]).ask(HandoffRules(), Channel.WHATSAPP, 3, 0) == (0, 0)


def test_a_handed_over_guest_joins_the_telephone_queue_of_his_language_with_a_telephone_call_to_come() -> None:
    of = model()
    draws = season(of.demand)[:40]
    contacts = [of.contacts(draw) for draw in draws]
    rows = np.isfinite(np.concatenate([one.handoff_at for one in contacts]))
    queues = np.concatenate([one.handoff_queue for one in contacts])[rows]
    assert (queues == joined(draws, "language")[rows]).all()
    work = np.concatenate([one.handoff_work for one in contacts])[rows]
    sales = joined(draws, "intent")[rows] == 0
    for of_sale, handle in ((sales, "sales"), (~sales, "service")):
        mean = getattr(loaded().scenario.work["phone"], handle).mean_s
        assert abs(work[of_sale].mean() - mean) <= 4 * work[of_sale].std() / np.sqrt(of_sale.sum())


def test_queues_come_channel_by_channel_and_carry_the_rules_of_the_file() -> None:
    of, scenario = model(), loaded().scenario
    names = [queue.name for queue in of.plan.queues]
    languages = ("tr", "en", "de", "ru")
    assert names == [f"{channel}.{language}" for channel, language in product(of.channels, languages)]
    phone, chat, mail, outbound = (
        of.plan.queues[names.index(f"{one}.de")] for one in (*of.channels[:1], "web_chat", "email", "follow_up")
    )
    assert (phone.work, chat.work, mail.work, outbound.work) == (Work.CALL, Work.CHAT, Work.BACKLOG, Work.BACKLOG)
    assert phone.balk == scenario.patience["phone"].balk
    assert (phone.when_closed, chat.when_closed, mail.when_closed) == (
        WhenClosed.CALL_BACK,
        WhenClosed.LOST,
        WhenClosed.WAIT,
    )
    assert outbound.priority > max(queue.priority for queue in of.plan.queues if queue.channel < len(of.channels) - 1)
    assert of.guests.redial[:5] == (*[scenario.redial.chance] * 4, 0.0)


def test_opening_hours_are_those_of_the_first_hotel_counted_from_the_seasons_start() -> None:
    spans = model().plan.queues[0].spans
    assert spans is not None
    assert (spans.starts[0], spans.ends[0]) == (8 * 3600, 24 * 3600)
    assert spans.first_s == 0


def test_where_nobody_speaks_a_language_its_contacts_join_the_next_one_somebody_does() -> None:
    of = model("team.phone.ru=0", "team.digital.ru=0")
    languages = of.demand.languages
    assert of.queue_of[0].tolist() == [0, 1, 2, languages.index("en")]
    draw = draw_day(of.demand, SEED, 0, MONDAY)
    contacts = of.contacts(draw)
    russian = (draw.channel == 0) & (draw.language == languages.index("ru"))
    assert set(contacts.queue[russian]) == {languages.index("en")}


def test_a_desk_helps_out_one_level_below_its_own_channels() -> None:
    of = model()
    group = next(one for one in of.plan.groups if one.name == "phone.de")
    levels = {of.plan.queues[queue].name: level for queue, level in zip(group.queues, group.levels, strict=True)}
    assert levels["phone.de"] == 0
    assert levels["phone.en"] == levels["email.de"] == 1
    assert levels["phone.tr"] == levels["email.en"] == 2
    assert "phone.ru" not in levels
    assert list(group.levels) == sorted(group.levels)


def test_outbound_calls_take_their_place_in_the_day_and_can_be_told_apart() -> None:
    of = model()
    draw = draw_day(of.demand, SEED, 0, MONDAY)
    at = MONDAY * 86_400 + np.array([36_000.0, 50_000.0])
    due = FollowUps(at, np.array([1, 3]), np.array([180.0, 90.0]), np.array([7, 0]))
    contacts = of.contacts(draw, due)
    assert len(contacts) == len(draw) + 2
    assert (np.diff(contacts.at) >= 0).all()
    outbound = np.flatnonzero(contacts.mark < 0)
    assert (-1 - contacts.mark[outbound]).tolist() == [7, 0]
    assert contacts.at[outbound].tolist() == at.tolist()
    assert [of.plan.queues[queue].name for queue in contacts.queue[outbound]] == ["follow_up.en", "follow_up.ru"]
    assert np.isinf(contacts.patience[outbound]).all()
    inbound = contacts.mark[contacts.mark >= 0]
    assert inbound.tolist() == list(range(len(draw)))


def test_a_guest_handed_over_waits_on_the_telephone_as_callers_do() -> None:
    of = model("patience.phone.distribution='fixed'")
    draw = draw_day(of.demand, SEED, 0, MONDAY)
    contacts = of.contacts(draw)
    rows = np.isfinite(contacts.handoff_at)
    phone = loaded().scenario.patience["phone"]
    wanted = np.where(draw.intent[rows] == 0, phone.new_s, phone.existing_s)
    assert contacts.handoff_patience[rows].tolist() == wanted.tolist()
    assert contacts.redial_patience[rows][:, 0].tolist() == wanted.tolist()


def test_the_first_answer_is_out_before_a_guest_is_handed_over() -> None:
    of = model()
    contacts = of.contacts(draw_day(of.demand, SEED, 0, MONDAY))
    assert (contacts.first_reply <= contacts.handoff_at).all()
    assert (contacts.first_reply <= contacts.work).all()


def test_a_team_of_nobody_makes_a_plan_without_groups() -> None:
    nobody = [f"team.{desk}.{language}=0" for desk, language in product(("phone", "digital"), ("tr", "en", "de", "ru"))]
    of = model(*nobody)
    assert of.plan.heads.shape == (of.days * 48, 0)
    draw = draw_day(of.demand, SEED, 0, MONDAY)
    assert len(of.contacts(draw)) == len(draw)


@pytest.mark.parametrize(
    "setting",
    [
        "demand.day_factor.half_day_correlation=0",
        "demand.day_factor.half_day_correlation=1",
        "demand.day_factor.distribution='none'",
        "redial.most=0",
        "season.last=2028-05-31",
    ],
)
def test_seasons_at_the_ends_of_what_a_file_may_say_can_be_drawn(setting: str) -> None:
    of = model(setting)
    for day in (0, of.days - 1):
        contacts = of.contacts(draw_day(of.demand, SEED, 0, day))
        assert np.isfinite(contacts.work).all()
        assert (contacts.work > 0).all()
        assert contacts.redial_u.shape[1] == of.loaded.scenario.redial.most
