"""The board: why leads are lost, who waits unanswered right now, and what money hangs on a deadline.

Lost reasons of a period, most frequent first, with the part they make up together (Pareto). Missed leads are those
whose target has passed and whom nobody has spoken to yet. Revenue at risk is what can still be lost by waiting: offers
whose price stands, holds and options, each until its deadline; of an offer its cheapest choice, of a call its last
offer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from domain.access import Actor, Permission
from domain.case import CaseId, LeadStatus
from domain.errors import InvalidInput
from domain.kpi_facts import CaseFact
from domain.kpi_row import Dimension, Period
from domain.reservation import TIMED
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.kpi_actions import pareto
from integration.usecases.kpi_books import bind
from integration.usecases.kpi_refresh import refresh
from integration.usecases.kpi_report import book_of_period, hotels_of, live_facts
from integration.usecases.kpi_shapes import ReportWish
from integration.usecases.views import instant
from integration.usecases.work_case_views import kept_clocks

BACK = timedelta(days=29)
MOST_READ = 1_000
MOST_SHOWN = 50
_OPEN = frozenset({LeadStatus.OPEN.value, LeadStatus.IN_PROGRESS.value})
HOURS = (1, 4, 24)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Risk:
    kind: str
    the_id: str
    case_id: str | None
    agent: str
    until: datetime
    amount: Decimal
    currency: str


async def board(desk: Desk, actor: Actor, hotel_id: str | None = None, days: int = BACK.days + 1) -> Body:
    """The board as of now; `days`: how many days of lost leads, today included."""
    actor.require(Permission.READ)
    if not 1 <= days <= 366:  # noqa: PLR2004 - a year
        raise InvalidInput("The board looks back 1 to {most} days.", most=366, field="days")
    now = desk.clock.now()
    today = (desk.hotel(hotel_id) if hotel_id else next(iter(desk.hotels.values()))).today(now)
    period = Period(today - timedelta(days=days - 1), today)
    hotel_ids = hotels_of(desk, ReportWish(period, hotel_id))
    await refresh(desk)
    for one in hotel_ids:
        await bind(desk, one, period)

    def work(tx: ReadTx) -> Body:
        risks = [risk for one in hotel_ids for risk in _risks(tx, one, now)]
        return {
            "as_of": instant(now),
            "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
            "lost_reasons": _pareto(desk, tx, hotel_ids, period),
            "missed_leads": _missed(desk, tx, actor, hotel_ids, period),
            "at_risk": _at_risk(actor, risks, now),
        }

    return await desk.store.read(work)


def _pareto(desk: Desk, tx: ReadTx, hotel_ids: Sequence[str], period: Period) -> list[Body]:
    return pareto(book_of_period(desk, tx, hotel_ids, period, (Dimension.LOST_REASON.value,), ("lost_reasons",)))


def _missed(desk: Desk, tx: ReadTx, actor: Actor, hotel_ids: Sequence[str], period: Period) -> Body:
    """Leads past their target that still wait, longest first."""
    found = [fact for one in hotel_ids for fact in live_facts(desk, tx, one, period) if _is_missed_now(tx, fact)]
    found.sort(key=lambda fact: fact.opened_at)
    return {"n": len(found), "leads": [_lead_body(fact, actor) for fact in found[:MOST_SHOWN]]}


def _is_missed_now(tx: ReadTx, fact: CaseFact) -> bool:
    if not fact.is_missed or fact.lead_status not in _OPEN:
        return False
    case = tx.get_case(CaseId(fact.case_id))
    return case is not None and (case.waiting_since is not None or kept_clocks(case.clocks).call_back_until is not None)


def _lead_body(fact: CaseFact, actor: Actor) -> Body:
    return {
        "case_id": fact.case_id,
        "hotel_id": fact.by.hotel,
        "channel": fact.by.channel,
        "agent": shown_agent(fact.by.agent, actor),
        "opened_at": instant(fact.opened_at),
        "waited_s": None if not fact.is_frt_open else fact.frt_s,
        "target_s": fact.frt_target_s,
    }


def shown_agent(agent: str, actor: Actor) -> str:
    """The agent's name for whoever may see it; an operator sees his own."""
    return agent if agent == actor.name or actor.may(Permission.SEE_CLEAR) else ""


def _risks(tx: ReadTx, hotel_id: str, now: datetime) -> Iterable[_Risk]:
    """What hangs on a deadline at a hotel."""
    for one in tx.list_reservations(hotel_id=hotel_id, states=TIMED, limit=MOST_READ):
        if one.expires_at is not None and one.is_live(now):
            yield _Risk(
                one.state.value, one.reservation_id, one.case_id, one.created_by, one.expires_at, one.total.amount,
                one.total.currency,
            )  # fmt: skip
    seen: set[str] = set()
    for offer in tx.list_offers(hotel_id, None, MOST_READ):
        of = offer.call_id or offer.offer_id
        if of in seen or not offer.is_valid(now) or not offer.choices:
            continue
        seen.add(of)
        if not tx.reservations_of_offer(offer.offer_id):
            cheapest = min((choice.candidate.total for choice in offer.choices), key=lambda total: total.amount)
            yield _Risk(
                "offer", offer.offer_id, offer.case_id, offer.actor, offer.valid_until, cheapest.amount,
                cheapest.currency,
            )  # fmt: skip


def _at_risk(actor: Actor, risks: Sequence[_Risk], now: datetime) -> Body:
    ordered = sorted(risks, key=lambda one: (one.until, one.the_id))
    return {
        "totals": _totals(risks),
        "by_deadline": [
            {"within_hours": hours, "totals": _totals(one for one in ordered if one.until - now <= hours * _HOUR)}
            for hours in HOURS
        ],
        "lines": [
            {
                "kind": one.kind, "id": one.the_id, "case_id": one.case_id, "agent": shown_agent(one.agent, actor),
                "until": instant(one.until), "amount": str(one.amount), "currency": one.currency,
            }
            for one in ordered[:MOST_SHOWN]
        ],
    }  # fmt: skip


def _totals(risks: Iterable[_Risk]) -> list[Body]:
    """By kind and currency; two currencies are never added."""
    sums: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for one in risks:
        amount, n = sums.get((one.kind, one.currency), (Decimal(0), 0))
        sums[one.kind, one.currency] = amount + one.amount, n + 1
    return [
        {"kind": kind, "currency": currency, "amount": str(amount), "n": n}
        for (kind, currency), (amount, n) in sorted(sums.items())
    ]
