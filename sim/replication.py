"""One replication: a whole season, day by day, from its draws to its scores.

A day is drawn, its outbound calls are added, the engine runs it, and what ended is sold to and counted. Nothing of a
day is kept longer than its last contact, so memory does not grow with the season or with the number of replications.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.contact import Channel
from scenarios.demand import draw_day
from scenarios.demand_plan import DAY_S, expected_totals
from scenarios.scenario_loader import LoadedScenario
from sim.engine import SeasonEngine
from sim.open_contacts import Came, Known, OpenContacts, known_of
from sim.plan import Contacts, EnginePlan, GuestRules, Leg, Legs, Outcome, WhenClosed, Work
from sim.scores import Frame, Scores
from sim.season import FollowUps, SeasonModel, build
from sim.selling import Sales, open_desk
from sim.selling_plan import SellingPlan, selling_plan
from sim.wishes import Asked

I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOT_REACHED = (Outcome.ABANDONED, Outcome.BALKED, Outcome.SILENT, Outcome.EXPIRED, Outcome.CLOSED)


class Engine(Protocol):
    """What a replication asks of an engine (`sim.engine.SeasonEngine` says what each is)."""

    busy_s: NDArray[np.float64]
    staffed_s: NDArray[np.float64]

    @property
    def oldest_open(self) -> int: ...

    def day(self, contacts: Contacts, until_s: float) -> Legs: ...

    def finish(self) -> Legs: ...


MakeEngine = Callable[[EnginePlan, GuestRules], Engine]


@dataclass(frozen=True, slots=True)
class Season:
    """A scenario made ready: built once in each process, run as often as wanted."""

    model: SeasonModel
    selling: SellingPlan
    frame: Frame


def make_season(loaded: LoadedScenario) -> Season:
    """Settle everything that does not depend on chance."""
    model = build(loaded)
    scenario, demand = loaded.scenario, model.demand
    queues = model.plan.queues
    messages = {Channel.WHATSAPP, Channel.WEB_CHAT, Channel.INSTAGRAM, Channel.EMAIL, Channel.OTA}
    targets: dict[str, float] = {str(one): seconds for one, seconds in scenario.targets.first_response_s.items()}
    phone = scenario.targets.phone
    frame = Frame(
        days=model.days,
        channels=model.channels,
        queue_channel=np.array([queue.channel for queue in queues]),
        call_queues=np.array([queue.work is Work.CALL for queue in queues]),
        answer_within_s=phone.within_s,
        targets_s=np.array([targets.get(one, phone.within_s) for one in model.channels]),
        is_message=np.array([one in messages for one in model.channels]),
        weekday=loaded.first.weekday(),
        peak_day=int(expected_totals(demand).argmax()),
        sales_intent=demand.intents.index("sales"),
        groups=len(model.plan.groups),
        open_clock=_open_clocks(model),
        offers_closed=scenario.rules.closed_calls == "offered",
    )
    return Season(model, selling_plan(loaded, model.channels), frame)


def _open_clocks(model: SeasonModel) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]] | None, ...]:
    """By channel: the instants at which it opens or closes, and the open seconds until each."""
    spans = {queue.channel: queue.spans for queue in model.plan.queues}
    found: list[tuple[NDArray[np.float64], NDArray[np.float64]] | None] = []
    for place in range(len(model.channels)):
        one = spans.get(place)
        if one is None:
            found.append(None)
        else:
            instants = np.array([one.starts, one.ends], dtype=np.float64).T.ravel()
            passed = np.repeat(np.array(one.before, dtype=np.float64), 2)[1:-1]
            found.append((instants, passed))
    return tuple(found)


def run_replication(season: Season, seed: int, replication: int, heads: NDArray[np.int32] | None = None) -> Scores:
    """Simulate the season once. `heads`: agents by interval and group instead of the scenario's team (absences are then
    the caller's)."""
    model = season.model
    plan = model.plan_of(seed, replication) if heads is None else replace(model.plan, heads=heads)
    run = Replication(season, plan, seed, replication)
    for day in range(model.days):
        run.day(day)
    return run.finish()


class Replication:
    """One replication under way: its days in order, then `finish`. `engine`: what plays it."""

    def __init__(
        self, season: Season, plan: EnginePlan, seed: int, replication: int, engine: MakeEngine = SeasonEngine
    ) -> None:
        """The eve of the season."""
        self._season, self._seed, self._replication = season, seed, replication
        self._plan = plan
        self._engine: Engine = engine(plan, season.model.guests)
        self._desk = open_desk(season.selling, seed, replication)
        self._known = OpenContacts()
        self._calls: defaultdict[int, list[Known]] = defaultdict(list)
        self._scores = Scores(season.frame, 1)
        self._redial = np.array(season.model.guests.redial)
        self._is_called_back = np.array([queue.when_closed is WhenClosed.CALL_BACK for queue in plan.queues])
        self._queue_channel = season.frame.queue_channel

    def day(self, day: int) -> None:
        """One day, from its first contact to midnight."""
        model = self._season.model
        self._desk.open_day(day)
        draw = draw_day(model.demand, self._seed, self._replication, day)
        due = self._calls.pop(day, [])
        called = reduce(Known.then, due) if due else None
        contacts = model.contacts(draw, None if called is None else self._outbound(called))
        self._known.add(contacts, known_of(draw), called)
        self._count(self._engine.day(contacts, (day + 1) * DAY_S), day)
        self._known.drop_before(self._engine.oldest_open)

    def finish(self) -> Scores:
        """The end: whoever is still there stays open."""
        days = self._season.model.days
        self._count(self._engine.finish(), days)
        self._scores.add_work(self._engine.busy_s, self._engine.staffed_s)
        return self._scores

    def _outbound(self, called: Known) -> FollowUps:
        count = len(called)
        work = called.sales.follow_up_work_e * self._season.selling.follow_up_work_s
        return FollowUps(called.at, called.language, work, np.arange(count))

    def _count(self, legs: Legs, day: int) -> None:
        came = self._known.came(legs.contact)
        self._scores.add_legs(legs, came)
        asked = self._decided(legs, came)
        sales = self._desk.sell(asked)
        self._scores.add_sales(asked, sales)
        self._call_again(asked, sales, day)

    def _decided(self, legs: Legs, came: Came) -> Asked:
        """Sales contacts that no further leg will follow."""
        outcome, queue = legs.outcome, legs.queue
        is_answered = (outcome == Outcome.SERVED) & ~legs.is_handed_over
        comes_back = self._comes_back(legs, came)
        is_lost = np.isin(outcome, NOT_REACHED) & ~comes_back
        rows = np.flatnonzero((came.intent == self._season.frame.sales_intent) & (is_answered | is_lost))
        of = self._known.of(legs.contact[rows])
        replied = np.where(np.isnan(legs.replied), legs.at + legs.wait, legs.replied)[rows]
        since = np.where(legs.leg[rows] == Leg.HANDOFF, legs.at[rows], of.at)
        return Asked(
            contact=legs.contact[rows],
            at=legs.ended[rows],
            waited=np.where(of.tries > 0, 0.0, np.maximum(replied - since, 0.0)),
            is_answered=is_answered[rows],
            channel=np.where(is_answered[rows], self._queue_channel[queue[rows]], of.channel),
            language=of.language,
            hotel=of.hotel,
            tries=of.tries,
            booked_on=of.booked_on,
            draws=of.sales,
        )

    def _comes_back(self, legs: Legs, came: Came) -> Flags:
        """Who gave up and redials, and who came while the house was closed and is called back."""
        most = came.redial_u.shape[1]
        tries = np.minimum(legs.tries, most - 1).astype(np.int64) if most else np.zeros(len(legs.queue), np.int64)
        again: Flags = np.zeros(len(legs.queue), np.bool_)
        if most:
            u = came.redial_u[np.arange(len(tries)), tries]
            gave_up = np.isin(legs.outcome, (Outcome.ABANDONED, Outcome.BALKED))
            again = gave_up & (legs.tries < most) & (u < self._redial[legs.queue])
        again |= (legs.outcome == Outcome.CLOSED) & self._is_called_back[legs.queue]
        return again

    def _call_again(self, asked: Asked, sales: Sales, day: int) -> None:
        """Put undecided guests down for the day they are called again on."""
        last = self._season.model.days
        for on in np.unique(sales.call_on[sales.is_called_again]).tolist():
            if day < on < last:
                rows = np.flatnonzero(sales.is_called_again & (sales.call_on == on))
                at = on * DAY_S + asked.at[rows] % DAY_S
                self._calls[on].append(self._again(asked, rows, at))

    def _again(self, asked: Asked, rows: I8, at: NDArray[np.float64]) -> Known:
        order = np.argsort(at, kind="stable")
        rows, at = rows[order], at[order]
        count = len(rows)
        follow_up = len(self._season.frame.channels) - 1
        chosen = _known_again(asked).take(rows)
        return replace(
            chosen,
            at=at,
            channel=np.full(count, follow_up),
            intent=np.full(count, self._season.frame.sales_intent),
            tries=chosen.tries + 1,
        )


def _known_again(asked: Asked) -> Known:
    return Known(
        at=asked.at,
        channel=asked.channel,
        language=asked.language,
        intent=asked.channel,
        hotel=asked.hotel,
        tries=asked.tries,
        booked_on=asked.booked_on,
        redial_u=np.ones((len(asked), 0)),
        sales=asked.draws,
    )
