"""Models beyond one queue: each becomes Erlang A or C in a limit, or agrees with a chain written down differently."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from sim.exact.chain import long_run
from sim.exact.chat import Chatting, chat
from sim.exact.erlang import erlang_a, erlang_c
from sim.exact.kiefer_wolfowitz import waits_of
from sim.exact.n_model import TwoQueues, n_model
from sim.exact.pollaczek_khinchine import any_talk, lognormal_moments
from sim.exact.priority import priorities
from sim.exact.retrial import Redialling, redial

RATE, AHT, PATIENCE = 0.05, 200.0, 150.0
CLOSE = 2e-9


def test_agents_of_one_skill_and_of_both_are_one_pool_when_only_the_first_queue_has_guests() -> None:
    alone, pool = (
        n_model(TwoQueues((RATE, 0.0), (AHT, AHT), (PATIENCE, PATIENCE), 7, 4)),
        erlang_a(RATE, AHT, PATIENCE, 11),
    )
    assert alone.waits[0] == pytest.approx(pool.waits, abs=CLOSE)
    assert alone.abandons[0] == pytest.approx(pool.abandons, abs=CLOSE)
    assert alone.mean_wait_s[0] == pytest.approx(pool.mean_wait_s, abs=1e-6)


def test_two_queues_with_agents_of_both_skills_only_are_one_pool() -> None:
    both, pool = (
        n_model(TwoQueues((0.02, 0.03), (AHT, AHT), (PATIENCE, PATIENCE), 0, 11)),
        erlang_a(RATE, AHT, PATIENCE, 11),
    )
    assert both.waits[0] == pytest.approx(pool.waits, abs=CLOSE)
    assert 0.4 * both.abandons[0] + 0.6 * both.abandons[1] == pytest.approx(pool.abandons, abs=CLOSE)
    assert both.occupancy[1] == pytest.approx(pool.occupancy, abs=CLOSE)


def test_keeping_apart_whom_an_agent_serves_changes_nothing_when_talk_is_equally_long() -> None:
    told = TwoQueues((0.02, 0.01), (AHT, AHT), (PATIENCE, 90.0), 3, 3, most_waiting=40)
    lumped, apart = n_model(told), n_model(replace(told, ahts=(AHT, AHT * (1 + 1e-9))))
    assert lumped.waits == pytest.approx(apart.waits, abs=1e-7)
    assert lumped.abandons == pytest.approx(apart.abandons, abs=1e-7)


def test_without_redial_the_orbit_is_empty_and_the_queue_is_erlang_a() -> None:
    none, plain = redial(Redialling(RATE, AHT, PATIENCE, 11, 0.0, 300.0)), erlang_a(RATE, AHT, PATIENCE, 11)
    assert (none.waits, none.abandons, none.occupancy) == pytest.approx(
        (plain.waits, plain.abandons, plain.occupancy), abs=CLOSE
    )
    assert none.calls == 1.0


def test_a_redial_after_a_very_long_gap_finds_a_queue_with_more_poisson_calls() -> None:
    long = redial(Redialling(0.01, AHT, PATIENCE, 2, 0.4, 40_000.0, most_away=250))
    more = erlang_a(0.01 * long.calls, AHT, PATIENCE, 2)
    assert long.calls == pytest.approx(1 / (1 - 0.4 * long.abandons_of_all))
    assert long.abandons_of_all == pytest.approx(more.abandons, abs=2e-3)
    assert long.lost == pytest.approx(0.6 * long.abandons_of_all * long.calls)


def test_one_chat_at_a_time_is_erlang_a() -> None:
    one, plain = chat(Chatting(RATE, AHT, PATIENCE, 11, (1.0,))), erlang_a(RATE, AHT, PATIENCE, 11)
    assert (one.waits, one.abandons, one.busy) == pytest.approx(
        (plain.waits, plain.abandons, plain.occupancy), abs=CLOSE
    )
    assert one.open_s == pytest.approx(AHT)


def test_chats_at_full_speed_are_as_many_agents_as_there_are_slots() -> None:
    full, plain = chat(Chatting(RATE, AHT, PATIENCE, 4, (1.0,) * 3)), erlang_a(RATE, AHT, PATIENCE, 12)
    assert (full.waits, full.abandons) == pytest.approx((plain.waits, plain.abandons), abs=CLOSE)
    assert full.open_chats == pytest.approx(3 * plain.occupancy)


def test_chats_that_share_one_agent_take_as_much_of_him_as_one_after_the_other() -> None:
    shared, plain = chat(Chatting(0.004, AHT, PATIENCE, 1, (1.0, 0.5))), erlang_a(0.004, AHT, PATIENCE, 1)
    assert shared.busy == pytest.approx(0.004 * (1 - shared.abandons) * AHT)
    assert shared.abandons < plain.abandons


def test_a_chain_that_feels_its_cut_refuses_to_answer() -> None:
    with pytest.raises(ValueError, match="too short"):
        chat(Chatting(RATE, AHT, 3_000.0, 6, (1.0,), most_waiting=5))


def two_classes(rates: tuple[float, float], aht: float, agents: int, most: int) -> tuple[float, tuple[float, float]]:
    """Two classes as a chain: (serving, waiting of the first, of the second)."""

    def moves(state):
        serving, one, two = state
        for place, rate in enumerate(rates):
            if serving < agents:
                yield rate, (serving + 1, one, two)
            elif (one, two)[place] < most:
                yield rate, (serving, one + (place == 0), two + (place == 1))
        after = (serving, one - 1, two) if one else (serving, one, two - 1)
        yield serving / aht, after if one or two else (serving - 1, 0, 0)

    chain = long_run((0, 0, 0), moves).below(1, most).below(2, most)
    serving, one, two = chain.states.T
    return chain.chance(serving == agents), (chain.mean(one) / rates[0], chain.mean(two) / rates[1])


def test_kella_and_yechiali_agree_with_a_chain_of_two_classes() -> None:
    rates = (0.012, 0.018)
    exact = priorities(rates, AHT, 9)
    waits, means = two_classes(rates, AHT, 9, 90)
    assert exact.waits == pytest.approx(waits, abs=1e-7)
    assert exact.mean_wait_s == pytest.approx(means, rel=1e-6)


def test_all_classes_together_wait_as_long_as_without_priorities() -> None:
    rates = (0.01, 0.015, 0.02)
    exact, plain = priorities(rates, AHT, 11), erlang_c(sum(rates), AHT, 11)
    mean = sum(rate * wait for rate, wait in zip(rates, exact.mean_wait_s, strict=True)) / sum(rates)
    assert mean == pytest.approx(plain.mean_wait_s)
    alone = priorities((sum(rates),), AHT, 11)
    assert alone.first_within(20) == pytest.approx(plain.service_level(20))
    assert alone.mean_wait_s[0] == pytest.approx(plain.mean_wait_s)


def test_exponential_talk_with_one_agent_is_erlang_c() -> None:
    exact, plain = any_talk(0.004, (AHT, 2 * AHT**2, 6 * AHT**3)), erlang_c(0.004, AHT, 1)
    assert exact.waits == pytest.approx(plain.waits)
    assert exact.mean_wait_s == pytest.approx(plain.mean_wait_s)
    longest = 2 * plain.waits * (AHT / 0.2) ** 2
    assert exact.mean_square_wait == pytest.approx(longest)


def test_talk_of_one_length_halves_the_wait() -> None:
    even = any_talk(0.004, lognormal_moments(AHT, 0.0))
    assert even.mean_wait_s == pytest.approx(erlang_c(0.004, AHT, 1).mean_wait_s / 2)
    with pytest.raises(ValueError, match="keep up"):
        any_talk(0.005, (AHT, 1.0, 1.0))


def test_call_by_call_patient_guests_of_one_agent_wait_as_lindley_says() -> None:
    chance = np.random.default_rng(5)
    at, busy = np.cumsum(chance.exponential(250.0, 2_000)), chance.lognormal(5.0, 0.7, 2_000)
    waits, answered = waits_of(at, busy, np.full(2_000, inf), 1)
    wait = 0.0
    for row in range(1, 2_000):
        wait = max(0.0, wait + busy[row - 1] - (at[row] - at[row - 1]))
        assert waits[row] == pytest.approx(wait, abs=1e-6)
    assert answered.all()


def test_call_by_call_impatient_guests_are_those_of_erlang_a_on_average() -> None:
    chance, count = np.random.default_rng(6), 60_000
    at = np.cumsum(chance.exponential(1 / RATE, count))
    waits, answered = waits_of(at, chance.exponential(AHT, count), chance.exponential(PATIENCE, count), 11)
    exact = erlang_a(RATE, AHT, PATIENCE, 11)
    assert 1 - answered.mean() == pytest.approx(exact.abandons, abs=0.01)
    assert waits.mean() == pytest.approx(exact.mean_wait_s, rel=0.06)
    with pytest.raises(ValueError, match="somebody"):
        waits_of(at, at, at, 0)
