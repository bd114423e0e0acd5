"""Facts of calls: those an agent took or made, and those of which only the exchange has told.

How long a caller waited is known where the exchange told of the queue, live or in its record. A call of which there are
only steps (nobody took it) is a call as well; it is known by its number at the exchange until it gets one of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.case import Call, CallOutcome, CaseKind, Direction
from domain.case_events import EventKind
from domain.contact import Channel
from domain.hotel import HotelTerms
from domain.kpi_facts import By, CallFact
from domain.sla import ServicePolicy
from integration.ports.queue_records import StoredMessage
from integration.usecases.contact_clock import calls_in, steps_of_call
from integration.usecases.contacts import call_of, fact_of
from integration.usecases.import_calls import PBX
from integration.usecases.kpi_facts_sales import is_sold
from integration.usecases.kpi_facts_segments import segment_of
from integration.usecases.kpi_family import Family


@dataclass(frozen=True, slots=True)
class _Told:
    """What the exchange told of a call, in seconds since 1970."""

    call_id: str
    began: float | None = None
    answered: float | None = None
    given_up: float | None = None
    ended: float | None = None
    is_out: bool = False
    is_queue_known: bool = False


def call_facts(family: Family, hotel: HotelTerms, policy: ServicePolicy, by: By) -> list[CallFact]:
    """One fact a call."""
    ours = {call.call_id: call for call in family.calls}
    told = [_told(steps, set(ours)) for steps in calls_in(family.rows)]
    known = {one.call_id: one for one in told}
    maker = _Maker(family, hotel, policy, by)
    facts = [maker.of_ours(call, known.get(call.call_id)) for call in family.calls]
    return facts + [maker.of_steps(one) for one in told if one.call_id not in ours and one.began is not None]


def _told(steps: list[StoredMessage], ours: set[str]) -> _Told:
    named = next((found for step in steps if (found := str(call_of(step))) in ours), None)
    first = steps[0]
    events = {one.kind: one.at_s for one in steps_of_call(steps)}
    return _Told(
        call_id=named or f"{first.account}/{first.thread or first.message_id}"[:255],
        began=events.get(EventKind.CALL_QUEUED, events.get(EventKind.HUMAN_REPLY)),
        answered=events.get(EventKind.CALL_ANSWERED, events.get(EventKind.HUMAN_REPLY)),
        given_up=events.get(EventKind.CALL_ABANDONED),
        ended=next((at for step in steps if (at := _instant(fact_of(step, "ended_at"))) is not None), None),
        is_out=any(fact_of(step, "direction") == "out" for step in steps),
        is_queue_known=any(step.account or fact_of(step, "started_at") for step in steps),
    )


def _instant(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp() if text else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Maker:
    family: Family
    hotel: HotelTerms
    policy: ServicePolicy
    by: By

    def of_ours(self, call: Call, told: _Told | None) -> CallFact:
        """A call of ours, with what the exchange told of it."""
        is_gone = call.outcome is CallOutcome.ABANDONED
        is_answered = not is_gone and (told is None or told.given_up is None)
        offers = [offer for offer in self.family.offers if offer.call_id == call.call_id]
        ids, until = {offer.offer_id for offer in offers}, call.ended_at
        linked = [sale for sale in self.family.sales if sale.one.call_id == call.call_id or sale.one.offer_id in ids]
        made = [] if until is None else [sale for sale in linked if sale.one.call_id == call.call_id]
        in_pms = [one for one in made if one.one.pms_ref and until is not None and one.made_at <= until]
        answered = told.answered if told is not None and told.answered is not None else call.started_at.timestamp()
        is_sale = self._is_sales(call)
        return self._fact(
            call.call_id, call.started_at, call.direction is Direction.IN, "" if call.actor == PBX else call.actor,
            is_answered=is_answered, is_abandoned=is_gone or (told is not None and told.given_up is not None),
            is_sales=is_sale, is_sold=is_answered and is_sold(linked, call.started_at), wait_s=_wait(told),
            talk_s=None if until is None or not is_answered else max(until.timestamp() - answered, 0.0),
            made=(len(made), len(in_pms)), segment=segment_of(self.hotel, linked, offers),
        )  # fmt: skip

    def of_steps(self, told: _Told) -> CallFact:
        """A call that only the exchange knows."""
        began = told.began or 0.0
        is_answered = told.answered is not None
        talk = None if told.ended is None or told.answered is None else max(told.ended - told.answered, 0.0)
        return self._fact(
            told.call_id, datetime.fromtimestamp(round(began, 3), UTC), not told.is_out, "",
            is_answered=is_answered, is_abandoned=told.given_up is not None,
            is_sales=self._is_of_sale(), is_sold=False, wait_s=_wait(told), talk_s=talk, made=(0, 0),
        )  # fmt: skip

    def _is_of_sale(self) -> bool:
        return self.family.case is not None and self.family.case.kind is CaseKind.SALES

    def _is_sales(self, call: Call) -> bool:
        return self._is_of_sale() and call.outcome is not CallOutcome.SERVICE

    def _fact(  # noqa: PLR0913 - a fact's own columns
        self, call_id: str, started: datetime, is_inbound: bool, agent: str, *, is_answered: bool, is_abandoned: bool,  # noqa: FBT001
        is_sales: bool, is_sold: bool, wait_s: float | None, talk_s: float | None, made: tuple[int, int],
        segment: str = "",
    ) -> CallFact:  # fmt: skip
        started = started.replace(microsecond=started.microsecond // 1000 * 1000)
        phone, by = Channel.PHONE.value, self.by
        targets = self.policy.book.targets(phone, by.tags, started.timestamp())
        return CallFact(
            call_id=call_id,
            case_id=self.family.case.case_id if self.family.case else "",
            day=self.hotel.today(started),
            by=By(by.hotel, phone, by.source, by.language, agent, segment or by.segment, by.tags),
            started_at=started,
            is_inbound=is_inbound,
            is_answered=is_answered,
            is_abandoned=is_abandoned,
            is_sales=is_sales,
            is_sold=is_sold,
            wait_s=None if wait_s is None else round(wait_s, 3),
            talk_s=None if talk_s is None else round(talk_s, 3),
            answer_target_s=targets.first_response_s,
            reservations=made[0],
            in_pms=made[1],
        )


def unknown_queues(rows: list[StoredMessage]) -> set[float]:
    """When calls began of whose queue nobody told, seconds since 1970: an agent started them as they were answered."""
    told = (_told(steps, set()) for steps in calls_in(rows))
    return {one.began for one in told if one.began is not None and not one.is_queue_known}


def _wait(told: _Told | None) -> float | None:
    """From the queue to the answer, or to giving up; None where the exchange did not tell, or we rang."""
    if told is None or not told.is_queue_known or told.is_out or told.began is None:
        return None
    end = told.answered if told.answered is not None else told.given_up
    return None if end is None else max(end - told.began, 0.0)


def agents_of(calls: Sequence[Call]) -> list[str]:
    """Who took or made the calls, first call first."""
    return [call.actor for call in sorted(calls, key=lambda one: one.started_at) if call.actor != PBX]
