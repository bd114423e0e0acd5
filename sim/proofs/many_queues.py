"""Two skills, priorities, redial, chats and handoff."""

from collections.abc import Mapping
from math import inf

import numpy as np

from sim.exact.chat import Chatting, chat
from sim.exact.erlang import erlang_a, erlang_c
from sim.exact.n_model import TwoQueues, n_model
from sim.exact.priority import priorities
from sim.exact.retrial import Redialling, redial
from sim.plan import GroupPlan, Leg, Work
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate, ratio
from sim.proofs.feed import Chance, Played, call_queue, contacts, one_group, play, steady_plan
from sim.proofs.one_queue import WITHIN_S, occupancy_of, shares_of

REDIALS = 12


def _by_queue(played: Played, queue: int) -> dict[str, Estimate]:
    """Figures of one queue of several."""
    legs, mean = played.legs, played.batches.mean
    here = legs.queue == queue
    return {
        "waits": mean(legs.at, played.had_to_wait, here),
        "abandons": mean(legs.at, played.given_up, here),
        "mean_wait_s": mean(legs.at, legs.wait, here),
        "of_offered": mean(legs.at, played.served & (legs.wait <= WITHIN_S), here),
    }


def two_skills(name: str, told: TwoQueues) -> Case:
    """The N-model."""

    def exact(_: Chance) -> Mapping[str, float]:
        solved = n_model(told)
        figures = {"waits": solved.waits, "abandons": solved.abandons, "mean_wait_s": solved.mean_wait_s}
        by_queue = {f"{key} {queue}": pair[queue] for key, pair in figures.items() for queue in (0, 1)}
        return {**by_queue, "occupancy 0": solved.occupancy[0], "occupancy 1": solved.occupancy[1]}

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        at = chance.arrivals(sum(told.rates))
        queue = (chance.uniform("queue") * sum(told.rates) >= told.rates[0]).astype(np.int32)
        work = chance.times("work", 1.0) * np.array(told.ahts)[queue]
        drawn = contacts(at, work, chance.times("patience", 1.0) * np.array(told.patiences)[queue], queue)
        groups = (GroupPlan("one", (0,), (0,), (1,)), GroupPlan("both", (1, 0), (0, 1), (1, 1)))
        heads = (told.one_skill, told.both_skills)
        queues = (call_queue("first"), call_queue("second"))
        played = play(steady_plan(queues, groups, heads, float(at[-1]), 60 * max(told.ahts)), drawn, float(at[-1]))
        found = {f"{key} {queue}": value for queue in (0, 1) for key, value in _by_queue(played, queue).items()}
        return {**found, **{f"occupancy {group}": occupancy_of(played, group, heads[group]) for group in (0, 1)}}

    return Case(name, exact, simulate, 400_000, 60_000)


def two_priorities(name: str, rates: tuple[float, float], aht: float, agents: int, second: Work) -> Case:
    """Two classes, the urgent one first. The group's list names the other one first: priority goes before it."""

    def exact(_: Chance) -> Mapping[str, float]:
        solved = priorities(rates, aht, agents)
        return {
            "waits 0": solved.waits, "waits 1": solved.waits, "mean_wait_s 0": solved.mean_wait_s[0],
            "mean_wait_s 1": solved.mean_wait_s[1], "of_offered 0": solved.first_within(WITHIN_S),
        }  # fmt: skip

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        at = chance.arrivals(sum(rates))
        queue = (chance.uniform("queue") * sum(rates) >= rates[0]).astype(np.int32)
        drawn = contacts(at, chance.times("work", aht), chance.times("patience", inf), queue)
        queues = (call_queue("urgent"), call_queue("other", priority=1, work=second))
        plan = steady_plan(queues, (GroupPlan("all", (1, 0), (0, 0), (1, 1)),), (agents,), float(at[-1]), 100 * aht)
        played = play(plan, drawn, float(at[-1]))
        return {f"{key} {queue}": value for queue in (0, 1) for key, value in _by_queue(played, queue).items()}

    return Case(name, exact, simulate, 400_000, 60_000)


def redialling(name: str, told: Redialling) -> Case:
    """Guests who give up call again, twelve times at most (the exact model: as often as it takes)."""

    def exact(_: Chance) -> Mapping[str, float]:
        solved = redial(told)
        return {
            "waits first": solved.waits, "abandons first": solved.abandons, "calls": solved.calls,
            "abandons": solved.abandons_of_all, "mean_wait_s": solved.mean_wait_s, "lost": solved.lost,
        }  # fmt: skip

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        at = chance.arrivals(told.rate)
        shape = (chance.count, REDIALS)
        drawn = contacts(
            at, chance.times("work", told.aht), chance.times("patience", told.patience),
            redial_u=chance.stream("again").random(shape), redial_gap=chance.stream("gap").exponential(told.gap, shape),
            redial_patience=chance.stream("more patience").exponential(told.patience, shape),
        )  # fmt: skip
        plan = steady_plan((call_queue(),), one_group(), (told.agents,), float(at[-1]), 40 * (told.gap + told.aht))
        played = play(plan, drawn, float(at[-1]), redial=told.chance)
        return {**shares_of(played), **_of_guests(played)}

    return Case(name, exact, simulate, 400_000, 60_000)


def _of_guests(played: Played) -> dict[str, Estimate]:
    legs, mean, sums = played.legs, played.batches.mean, played.batches.sums
    first = legs.leg == Leg.FIRST
    guests = sums(legs.at, first)
    return {
        "waits first": mean(legs.at, played.had_to_wait, first),
        "abandons first": mean(legs.at, played.given_up, first),
        "calls": ratio(sums(legs.at, np.ones(len(first))), guests),
        "lost": ratio(guests - sums(legs.at, played.served), guests),
    }


def chats(name: str, told: Chatting) -> Case:
    """Several chats at once."""

    def exact(_: Chance) -> Mapping[str, float]:
        solved = chat(told)
        return {
            "waits": solved.waits, "abandons": solved.abandons, "mean_wait_s": solved.mean_wait_s,
            "open_s": solved.open_s,
        }  # fmt: skip

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        at = chance.arrivals(told.rate)
        drawn = contacts(at, chance.times("work", told.work), chance.times("patience", told.patience))
        groups = one_group(len(told.speeds), told.speeds)
        queues = (call_queue("chats", work=Work.CHAT),)
        played = play(steady_plan(queues, groups, (told.agents,), float(at[-1]), 60 * told.work), drawn, float(at[-1]))
        legs = played.legs
        taken = legs.ended - legs.at - legs.wait
        return {**shares_of(played), "open_s": played.batches.mean(legs.at, taken, played.served)}

    return Case(name, exact, simulate, 400_000, 60_000)


def handed_over() -> Case:
    """Messages without abandonment, of which 18 % go on to the telephone: they leave as they came, in a Poisson stream
    (Burke 1956), so the telephone is Erlang A with both streams together."""
    rates, ahts, agents, patience, share = (0.05, 0.03), (200.0, 240.0), (13, 10), 150.0, 0.18

    def exact(_: Chance) -> Mapping[str, float]:
        before, phone = (
            erlang_c(rates[0], ahts[0], agents[0]),
            erlang_a(rates[1] + share * rates[0], ahts[1], patience, agents[1]),
        )
        return {
            "waits 0": before.waits, "mean_wait_s 0": before.mean_wait_s, "waits 1": phone.waits,
            "abandons 1": phone.abandons, "mean_wait_s 1": phone.mean_wait_s,
            "of_offered 1": phone.service_level(WITHIN_S),
        }  # fmt: skip

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        at = chance.arrivals(sum(rates))
        queue = (chance.uniform("queue") * sum(rates) >= rates[0]).astype(np.int32)
        goes_on = (chance.uniform("handoff") < share) & (queue == 0)
        work = chance.times("work", 1.0) * np.array(ahts)[queue]
        drawn = contacts(
            at, np.where(goes_on, 2 * work + 1, work), np.where(queue == 0, inf, chance.times("patience", patience)),
            queue, handoff_at=np.where(goes_on, work, inf), handoff_queue=np.ones(chance.count, dtype=np.int32),
            handoff_work=chance.times("handoff work", ahts[1]),
            handoff_patience=chance.times("handoff patience", patience),
        )  # fmt: skip
        groups = (GroupPlan("messages", (0,), (0,), (1,)), GroupPlan("phone", (1,), (0,), (1,)))
        queues = (call_queue("messages", work=Work.CHAT), call_queue("phone"))
        played = play(steady_plan(queues, groups, agents, float(at[-1]), 60 * ahts[1]), drawn, float(at[-1]))
        return {f"{key} {queue}": value for queue in (0, 1) for key, value in _by_queue(played, queue).items()}

    return Case("handoff share=0.18", exact, simulate, 400_000, 60_000)


def cases() -> list[Case]:
    """All of them."""
    alike = TwoQueues((0.03, 0.015), (200.0, 200.0), (150.0, 100.0), 6, 4)
    unlike = TwoQueues((0.02, 0.01), (180.0, 260.0), (150.0, 100.0), 3, 3, most_waiting=45)
    return [
        two_skills("n_model alike", alike),
        two_skills("n_model unlike", unlike),
        redialling("retrial n=9", Redialling(0.05, 200.0, 150.0, 9, 0.5, 300.0)),
        redialling("retrial n=1", Redialling(0.005, 200.0, 90.0, 1, 0.6, 600.0)),
        chats("chat n=6 slots=3", Chatting(0.05, 200.0, 150.0, 6, (1.0, 0.7, 0.5))),
        chats("chat n=1 slots=2", Chatting(0.008, 200.0, 120.0, 1, (1.0, 0.65))),
        handed_over(),
        two_priorities("priority calls", (0.02, 0.03), 200.0, 12, Work.CALL),
        two_priorities("priority backlog", (0.006, 0.004), 240.0, 3, Work.BACKLOG),
    ]
