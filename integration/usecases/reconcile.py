"""Our reservations and the PMS's, compared both ways; the differences reported, and mended on request.

1. A comparison belongs to one hotel and a span of arrival days. It goes window by window; each window's findings and
   the day it stands at are committed together, so that a run that was killed goes on where it stood.
2. What looks wrong is looked at once more, on both sides, before it counts: agents sell meanwhile.
3. With `repairs`, the findings of a window are mended when they are stored; what a killed run left is mended first,
   and before that a round of the resolver and of the watch settles writes of our own (a house without the service has
   no other).
4. Records of other systems are counted and are no error, nor are writes whose outcome is being looked up (`pending`).

Two runs do not interleave: whoever finds the position moved by somebody else stops.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.access import Actor, Permission
from domain.errors import InvalidInput, Refused
from domain.hotel import HotelTerms
from integration.errors import PmsProtocolError
from integration.ports.comparisons import Comparison, Finding, FindingKind, Gap
from integration.ports.pms import UnreadableBooking
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.reconcile_look import Verdict, look
from integration.usecases.reconcile_repair import (
    ADOPTED,
    CANCELLED_HERE,
    CANCELLED_THERE,
    GONE,
    LEFT,
    MADE,
    PENDING,
    repair,
)
from integration.usecases.reconcile_window import Seen, Span, compare_window, next_window, patiently
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.tracing import audit
from integration.usecases.watch_intents import watch_intents

BACK, AHEAD = timedelta(days=7), timedelta(days=730)
MOST_DAYS = 1500
FRESH = timedelta(days=1)
LEFT_AT_ONCE = 200
MENDED = frozenset({ADOPTED, MADE, CANCELLED_HERE, CANCELLED_THERE, GONE, PENDING})


@dataclass(frozen=True, slots=True)
class ReconcileWish:
    """What to compare: arrivals on both days included; by default from a week ago to two years ahead.

    `again`: begin anew even when an earlier run of the same wish was cut short.
    """

    hotel_id: str | None = None
    arrival_from: date | None = None
    arrival_to: date | None = None
    repairs: bool = False
    again: bool = False


def _pass_by(_comparison: Comparison) -> None:
    """Nobody watches."""


async def reconcile(
    desk: Desk, actor: Actor, wish: ReconcileWish, tell: Callable[[Comparison], None] = _pass_by
) -> Comparison:
    """Compare to the end; `tell` hears of every window. Needs the right to reconcile.

    Raises PmsError when the PMS fails (the next run goes on there), Refused when another process is at it.
    """
    actor.require(Permission.RECONCILE)
    hotel = desk.hotel(wish.hotel_id)
    span = _span(desk, hotel, wish)
    now = await desk.store.transact(lambda tx: _begin(desk, tx, actor, hotel, wish, span))
    if now.repairs:
        await resolve_intents(desk, actor, every=True)
        await watch_intents(desk, actor)
        await _repair_findings(desk, actor, hotel, now)
    while now.finished_at is None:
        now = await _advance(desk, actor, hotel, now)
        tell(now)
    return now


def _span(desk: Desk, hotel: HotelTerms, wish: ReconcileWish) -> Span:
    today = hotel.today(desk.clock.now())
    first, last = wish.arrival_from or today - BACK, wish.arrival_to or today + AHEAD
    if last < first or (last - first).days > MOST_DAYS:
        raise InvalidInput(
            "Arrivals from {first} to {last} cannot be compared.", first=first.isoformat(), last=last.isoformat(),
            hint="The last day comes after the first, four years later at most.", field="arrival_to",
        )  # fmt: skip
    return Span(first, last)


def _begin(desk: Desk, tx: Tx, actor: Actor, hotel: HotelTerms, wish: ReconcileWish, span: Span) -> Comparison:
    """The run that was cut short, or a new one."""
    cut = None if wish.again else _cut_short(desk, tx, hotel, wish, span)
    if cut is not None:
        return cut
    made = Comparison(
        comparison_id=desk.ids.new("cmp"),
        hotel_id=hotel.hotel_id,
        actor=actor.name,
        created_at=desk.clock.now(),
        arrival_from=span.first,
        arrival_to=span.last,
        repairs=wish.repairs,
        position=span.first,
    )
    tx.add_comparison(made)
    return made


def _cut_short(desk: Desk, tx: ReadTx, hotel: HotelTerms, wish: ReconcileWish, span: Span) -> Comparison | None:
    """The newest run of the hotel, when it did not end, is of the same wish and not older than a day."""
    last = next(iter(tx.list_comparisons(hotel.hotel_id, 1)), None)
    if last is None or last.finished_at is not None or last.repairs is not wish.repairs:
        return None
    asked = (wish.arrival_from or last.arrival_from, wish.arrival_to or last.arrival_to)
    is_same = asked == (last.arrival_from, last.arrival_to) and last.arrival_from <= span.first
    return last if is_same and desk.clock.now() - last.created_at < FRESH else None


async def _advance(desk: Desk, actor: Actor, hotel: HotelTerms, now: Comparison) -> Comparison:
    """One window: compare, look closely, store what is wrong together with the new position, mend it."""
    if now.position > now.arrival_to:
        return await _finish(desk, actor, now)
    window = await desk.store.read(lambda tx: next_window(tx, now.hotel_id, now.position, now.arrival_to))
    seen = await compare_window(desk, hotel, window, Span(now.arrival_from, now.arrival_to))
    findings = await _looked_at(desk, hotel, now, seen)
    counts = Counter(now.counts) + seen.counts
    after = replace(now, position=window.last + timedelta(days=1), counts=dict(counts))
    await desk.store.transact(lambda tx: _store(tx, now, after, findings))
    desk.point("window_stored")
    if now.repairs:
        await _follow_desk(desk, actor, hotel, seen, findings)
        await _repair_findings(desk, actor, hotel, after)
    return after


async def _looked_at(desk: Desk, hotel: HotelTerms, now: Comparison, seen: Seen) -> list[Finding]:
    found = [_unread_row(now.comparison_id, row) for row in seen.unreadable]
    for reference in seen.suspects:
        seen.counts["looked_at"] += 1
        try:
            verdict = await patiently(desk, lambda reference=reference: look(desk, hotel, reference))  # type: ignore[misc]
        except PmsProtocolError:
            found.append(await _unread(desk, now.comparison_id, reference))
            continue
        if verdict.is_pending:
            seen.counts["unsettled"] += 1
        found += _findings(now.comparison_id, verdict)
    seen.counts["found"] += len(found)
    for one in found:
        seen.counts[one.kind.value] += 1
    return found


def _unread_row(comparison_id: str, row: UnreadableBooking) -> Finding:
    """A row that does not say whose it is: by its number, else by its place in the listing."""
    gap = Gap("record", None, "unreadable") if row.pms_ref else Gap("position", None, str(row.position))
    return Finding(comparison_id, 0, FindingKind.UNREADABLE, None, row.pms_ref, "", (gap,))


async def _unread(desk: Desk, comparison_id: str, reference: str) -> Finding:
    """The PMS's side of a record cannot be understood; the others go on."""
    one = await desk.store.read(lambda tx: tx.find_reservation(external_ref=reference))
    gap = Gap("record", one.state.value if one is not None else None, "unreadable")
    return Finding(
        comparison_id,
        0,
        FindingKind.UNREADABLE,
        one.reservation_id if one is not None else None,
        one.pms_ref if one is not None else None,
        reference,
        (gap,),
    )


def _findings(comparison_id: str, verdict: Verdict) -> list[Finding]:
    one = verdict.reservation
    return [
        Finding(
            comparison_id,
            0,
            found.kind,
            one.reservation_id if one is not None else None,
            found.booking.pms_ref if found.booking is not None else (one.pms_ref if one is not None else None),
            verdict.reference,
            found.gaps,
        )
        for found in verdict.found
    ]


def _store(tx: Tx, before: Comparison, after: Comparison, findings: list[Finding]) -> None:
    if not tx.advance_comparison(after, expected=before.position):
        raise Refused("Another process goes on with comparison {comparison_id}.", comparison_id=after.comparison_id)
    for one in findings:
        tx.add_finding(one)


async def _follow_desk(desk: Desk, actor: Actor, hotel: HotelTerms, seen: Seen, findings: list[Finding]) -> None:
    """Guests who have come, left or not come: nothing was wrong, and with a repair ours follows."""
    wrong = {one.external_ref for one in findings}
    for reference in seen.suspects:
        if reference not in wrong:
            with suppress(PmsProtocolError):
                await patiently(desk, lambda reference=reference: repair(desk, actor, hotel, reference))  # type: ignore[misc]


async def _repair_findings(desk: Desk, actor: Actor, hotel: HotelTerms, now: Comparison) -> None:
    """Mend what is stored and not mended yet, a few at a time."""
    after = 0
    while True:
        some = await desk.store.read(
            lambda tx, at=after: tx.findings(now.comparison_id, after=at, limit=LEFT_AT_ONCE, unrepaired=True)  # type: ignore[misc]
        )
        if not some:
            return
        for one in some:
            await _repair_one(desk, actor, hotel, one)
        after = some[-1].line


async def _repair_one(desk: Desk, actor: Actor, hotel: HotelTerms, one: Finding) -> None:
    end = f"{LEFT}{PmsProtocolError.code}"
    with suppress(PmsProtocolError):
        if one.external_ref:
            done = await patiently(desk, lambda: repair(desk, actor, hotel, one.external_ref))
            readable = next(iter(done.values()), GONE) if one.kind is FindingKind.UNREADABLE else GONE
            end = done.get((one.kind, one.pms_ref), readable)
    desk.point("repaired")
    await desk.store.transact(lambda tx: tx.mark_finding(one.comparison_id, one.line, end))


async def _finish(desk: Desk, actor: Actor, now: Comparison) -> Comparison:
    after = replace(now, finished_at=desk.clock.now())

    def work(tx: Tx) -> None:
        _store(tx, now, after, [])
        ids = {"comparison_id": now.comparison_id, "hotel_id": now.hotel_id}
        audit(tx, actor, desk.clock.now(), "reconciled", ids)

    await desk.store.transact(work)
    return after


def left_of(tx: ReadTx, one: Comparison) -> int:
    """How many findings are not mended."""
    if not one.repairs:
        return one.counts.get("found", 0)
    after, left = 0, 0
    while some := tx.findings(one.comparison_id, after=after, limit=1000):
        left += sum(each.repair not in MENDED for each in some)
        after = some[-1].line
    return left


def kinds_of(counts: Counter[str]) -> dict[FindingKind, int]:
    """Findings by kind."""
    return {kind: counts.get(kind.value, 0) for kind in FindingKind}
