"""Targets from thirty days of a hotel's own cases: proposed with their evidence, approved by somebody else.

A proposal is kept as it was made and changes nothing. Whoever approves it is a supervisor, and not the one who made
it; approval makes a new version of each channel's settings, from an instant to come, in one transaction. What began
before that instant is judged by what was promised then (docs/kpi-calibration.md). A newer proposal replaces one that
waits, unless it has nothing to change; targets that were changed by hand in between stop an approval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from domain.access import Actor, Permission
from domain.contact import Channel
from domain.errors import ChangedSincePlan, Forbidden, InFlight, InvalidInput, NotFound, Refused
from domain.kpi import Share, Spread
from domain.kpi_calibration import FIRST, LEAST_CASES, MOST_STEP, SOLVED, SPAN_DAYS, Proposed, Seen, Verdict, propose
from domain.kpi_facts import CaseFact
from domain.kpi_row import Period
from domain.sla import Targets
from integration.ports.kpi_plans import KpiPlan, PlanKind
from integration.ports.queue_records import ChannelSetting
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.channel_roles_live import book_of, settings_now
from integration.usecases.desk import Desk
from integration.usecases.kpi_refresh import refresh
from integration.usecases.kpi_report import live_facts
from integration.usecases.kpi_shapes import near_day
from integration.usecases.once import UNCLAIMED, Claim
from integration.usecases.tracing import audit
from integration.usecases.views import instant

PROPOSED, APPROVED, DECLINED, REPLACED, UNCHANGED = "proposed", "approved", "declined", "replaced", "unchanged"
_DAY = timedelta(days=1)
_DECIDED = ("approved_by", "approved_at", "effective_from", "channels", "declined_by", "declined_at")
_CHANNELS = frozenset(one.value for one in Channel)


async def propose_targets(
    desk: Desk,
    actor: Actor,
    hotel_id: str | None,
    *,
    last: date | None = None,
    without: Sequence[date] = (),
    claim: Claim = UNCLAIMED,
) -> Body:
    """Propose targets from the thirty days up to `last` (yesterday unless it is said); `without`: days that do not
    count, such as those of an outage. InvalidInput for a day that is not over."""
    actor.require(Permission.CALIBRATE)
    hotel, now = desk.hotel(hotel_id), desk.clock.now()
    until = near_day(last, "to") if last else hotel.today(now) - _DAY
    if until >= hotel.today(now):
        raise InvalidInput("A span ends on a day that is over.", field="to")
    span = Period(until - timedelta(days=SPAN_DAYS - 1), until)
    await refresh(desk)
    found = await desk.store.read(lambda tx: _judged(desk, tx, hotel.hotel_id, span, frozenset(without)))
    plan = KpiPlan(
        desk.ids.new("tgt"),
        hotel.hotel_id,
        PlanKind.TARGETS,
        PROPOSED if any(one.proposed_s is not None for one in found) else UNCHANGED,
        actor.name,
        now,
        _document(span, without, found),
    )

    def work(tx: Tx) -> None:
        for other in tx.kpi_plans(hotel.hotel_id, PlanKind.TARGETS):
            if other.state == PROPOSED and plan.state == PROPOSED:
                tx.put_kpi_plan(_became(other, REPLACED, {}))
        tx.put_kpi_plan(plan)
        audit(tx, actor, now, "targets_proposed", {"hotel_id": hotel.hotel_id, "proposal_id": plan.plan_id})
        claim.settle(tx, plan.plan_id, now)

    await desk.store.transact(work)
    return proposal_body(plan)


async def approve_targets(
    desk: Desk,
    actor: Actor,
    proposal_id: str,
    *,
    since: datetime | None = None,
    channels: Sequence[str] = (),
    claim: Claim = UNCLAIMED,
) -> Body:
    """Make them count from an instant to come: the next midnight of the hotel unless it is said; `channels`: these
    alone. Forbidden for who made the proposal; Refused for one that does not wait; ChangedSincePlan where a target has
    been changed by hand since."""
    actor.require(Permission.CALIBRATE)
    now = desk.clock.now()

    def work(tx: Tx) -> KpiPlan:
        plan = _waiting(tx, proposal_id)
        if plan.made_by == actor.name:
            raise Forbidden("Who proposed targets does not approve them; somebody else must.")
        begin = since or _next_midnight(desk, plan.hotel_id, now)
        if begin < now:
            raise InvalidInput("Targets count from now on or later; what is past is judged as it was.", field="from")
        chosen = _chosen(plan, channels)
        for channel, targets in chosen.items():
            _set(desk, tx, actor, plan.hotel_id, Channel(channel), targets, begin)
        told = {"approved_by": actor.name, "approved_at": instant(now), "effective_from": instant(begin)}
        done = _became(plan, APPROVED, {**told, "channels": sorted(chosen)})
        tx.put_kpi_plan(done)
        audit(tx, actor, now, "targets_approved", {"hotel_id": plan.hotel_id, "proposal_id": proposal_id})
        claim.settle(tx, proposal_id, now)
        return done

    return proposal_body(await desk.store.transact(work))


async def decline_targets(desk: Desk, actor: Actor, proposal_id: str, *, claim: Claim = UNCLAIMED) -> Body:
    """Say no; nothing changes. Refused for a proposal that does not wait."""
    actor.require(Permission.CALIBRATE)
    now = desk.clock.now()

    def work(tx: Tx) -> KpiPlan:
        plan = _waiting(tx, proposal_id)
        done = _became(plan, DECLINED, {"declined_by": actor.name, "declined_at": instant(now)})
        tx.put_kpi_plan(done)
        audit(tx, actor, now, "targets_declined", {"hotel_id": plan.hotel_id, "proposal_id": proposal_id})
        claim.settle(tx, proposal_id, now)
        return done

    return proposal_body(await desk.store.transact(work))


async def list_proposals(desk: Desk, actor: Actor, hotel_id: str | None) -> Body:
    """All proposals of a hotel, newest first."""
    actor.require(Permission.READ)
    hotel = desk.hotel(hotel_id).hotel_id
    found = await desk.store.read(lambda tx: tx.kpi_plans(hotel, PlanKind.TARGETS))
    heads = [{name: value for name, value in proposal_body(one).items() if name != "rows"} for one in found]
    changes = [sum(row["verdict"] == Verdict.PROPOSED for row in one.document["rows"]) for one in found]
    return {"hotel_id": hotel, "rows": [{**head, "changes": n} for head, n in zip(heads, changes, strict=True)]}


async def show_proposal(desk: Desk, actor: Actor, proposal_id: str) -> Body:
    """One proposal with its evidence, as it stands. NotFound."""
    actor.require(Permission.READ)
    return proposal_body(await desk.store.read(lambda tx: proposal_of(tx, proposal_id)))


def proposal_of(tx: ReadTx, proposal_id: str) -> KpiPlan:
    """A proposal of any state; NotFound."""
    plan = tx.kpi_plan(proposal_id)
    if plan is None or plan.kind is not PlanKind.TARGETS:
        raise NotFound("There is no proposal {proposal_id}.", proposal_id=proposal_id[:60], field="proposal_id")
    return plan


def _waiting(tx: ReadTx, proposal_id: str) -> KpiPlan:
    plan = proposal_of(tx, proposal_id)
    if plan.state != PROPOSED:
        raise Refused(
            "Proposal {proposal_id} does not wait any more: {state}.", proposal_id=proposal_id, state=plan.state
        )
    return plan


def _judged(desk: Desk, tx: ReadTx, hotel_id: str, span: Period, without: frozenset[date]) -> list[Proposed]:
    """Every target of every channel that had a case."""
    by_channel: dict[str, list[CaseFact]] = {}
    for fact in _facts(desk, tx, hotel_id, span):
        if fact.day not in without and fact.by.channel in _CHANNELS:
            by_channel.setdefault(fact.by.channel, []).append(fact)
    now = desk.clock.now()
    book = book_of(desk, tx, hotel_id, now)
    anchors = _anchors(desk, tx, hotel_id, span)
    found: list[Proposed] = []
    for channel in sorted(by_channel):
        both = seen(channel, by_channel[channel], book.targets(channel, (), now.timestamp()))
        found += [propose(replace(one, anchor_s=anchors.get((channel, one.target)))) for one in both]
    return found


def _anchors(desk: Desk, tx: ReadTx, hotel_id: str, span: Period) -> dict[tuple[str, str], float]:
    """By channel and target, what was promised before the first approval that counts from a day of the span on."""
    begin = datetime.combine(span.first, time(), desk.hotel(hotel_id).zone)
    plans = [one.document for one in tx.kpi_plans(hotel_id, PlanKind.TARGETS) if one.state == APPROVED]
    approved = sorted(((datetime.fromisoformat(one["effective_from"]), one) for one in plans), key=itemgetter(0))
    found: dict[tuple[str, str], float] = {}
    for since, document in approved:
        for row in document["rows"] if since >= begin else ():
            if row["channel"] in document["channels"] and row["proposed_s"] is not None:
                found.setdefault((row["channel"], row["target"]), row["current_s"])
    return found


def _facts(desk: Desk, tx: ReadTx, hotel_id: str, span: Period) -> Iterable[CaseFact]:
    """Cases of a span, those that are open as of now."""
    day = span.first
    while day <= span.last:
        yield from (fact for fact in tx.kpi_cases_on(hotel_id, day) if not fact.is_live)
        day += _DAY
    yield from live_facts(desk, tx, hotel_id, span)


def seen(channel: str, facts: Iterable[CaseFact], now: Targets) -> tuple[Seen, Seen]:
    """Both targets of a channel: how long its cases took, and how many kept their own promise."""
    spreads, shares = (Spread(), Spread()), (Share(), Share())
    for fact in facts:
        clocks = (
            (fact.frt_s, fact.frt_target_s, fact.is_frt_open),
            (fact.resolution_s, fact.resolution_target_s, fact.is_resolution_open),
        )
        for place, (seconds, target, is_open) in enumerate(clocks):
            if seconds is None:
                continue
            spreads[place].add(seconds, is_open=is_open)
            if not is_open or seconds >= target:
                shares[place].add(not is_open and seconds < target)
    return (
        Seen(channel, FIRST, now.first_response_s, spreads[0], shares[0]),
        Seen(channel, SOLVED, now.resolution_s, spreads[1], shares[1]),
    )


def _document(span: Period, without: Iterable[date], found: Iterable[Proposed]) -> dict[str, Any]:
    rules = {"least_cases": LEAST_CASES, "most_step": MOST_STEP, "span_days": SPAN_DAYS}
    rows = [{**asdict(one), "held": [each.value for each in one.held]} for one in found]
    days = [day.isoformat() for day in sorted(set(without))]
    return {"from": span.first.isoformat(), "to": span.last.isoformat(), "without": days, "rules": rules, "rows": rows}


def proposal_body(plan: KpiPlan) -> Body:
    """A proposal as JSON; None for what has not been decided."""
    return {
        "proposal_id": plan.plan_id,
        "hotel_id": plan.hotel_id,
        "state": plan.state,
        "proposed_by": plan.made_by,
        "proposed_at": instant(plan.made_at),
        **dict.fromkeys(_DECIDED),
        **plan.document,
    }


def _became(plan: KpiPlan, state: str, more: Body) -> KpiPlan:
    return KpiPlan(plan.plan_id, plan.hotel_id, plan.kind, state, plan.made_by, plan.made_at, {**plan.document, **more})


def _chosen(plan: KpiPlan, channels: Sequence[str]) -> dict[str, dict[str, tuple[float, float]]]:
    """Channel, target: what it was when it was proposed, and what it becomes."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in plan.document["rows"]:
        if row["proposed_s"] is not None and (not channels or row["channel"] in channels):
            found.setdefault(row["channel"], {})[row["target"]] = row["current_s"], row["proposed_s"]
    unknown = sorted(set(channels) - set(found))
    if unknown:
        raise InvalidInput("Nothing is proposed for {channel}.", channel=unknown[0][:40], field="channel")
    if not found:
        raise Refused("Proposal {proposal_id} changes nothing.", proposal_id=plan.plan_id)
    return found


def _set(
    desk: Desk, tx: Tx, actor: Actor, hotel_id: str, channel: Channel, targets: dict[str, tuple[float, float]],
    begin: datetime,
) -> None:  # fmt: skip
    """A new version of a channel's settings; what else was set stays."""
    now = desk.clock.now()
    promised = book_of(desk, tx, hotel_id, now).targets(channel.value, (), begin.timestamp())
    for name, (then, _) in targets.items():
        if getattr(promised, name) != then:
            raise ChangedSincePlan(
                "The targets of {channel} have been changed since they were proposed; propose again.",
                channel=channel.value,
            )
    before = settings_now(tx, hotel_id, begin).get(channel, {})
    last = max((one.version for one in tx.channel_settings(hotel_id) if one.channel is channel), default=0)
    document = {**before, **{name: seconds for name, (_, seconds) in targets.items()}}
    if not tx.add_channel_setting(ChannelSetting(hotel_id, channel, last + 1, begin, actor.name, now, document)):
        raise InFlight("Somebody else is setting this channel right now.", field="channel")


def _next_midnight(desk: Desk, hotel_id: str, now: datetime) -> datetime:
    hotel = desk.hotel(hotel_id)
    return datetime.combine(hotel.today(now) + _DAY, time(), hotel.zone).astimezone(UTC)
