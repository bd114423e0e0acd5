"""Reservations: what was acknowledged against our store against the PMS, both ways.

Expected is the last acknowledged write. A hold or an option may have lapsed once its time had passed, a hotel may have
confirmed it by itself, and a rollback of the run may have taken it back; the history must say so. What a write of
unknown end was about may be either; the two sides must still agree on it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from cli.loadtest.audit_books import OVER, Books, Line, OurBooks, Ours, PmsBooks, Theirs
from cli.loadtest.audit_promises import Promises, Sale, in_calls
from domain.money import Money
from loadtests.journal import Fate

_TIMED = frozenset({"hold", "option"})
GRACE_MS = 60_000
_NOBODY_KNOWS = frozenset({Fate.INTENDED, Fate.UNKNOWN})
_NS_PER_MS = 1_000_000


def acknowledged_once(told: Promises, books: Books, pms: PmsBooks) -> Iterator[str]:
    """Each is in our store, and has one record that stands in the PMS, or one that does not when it is over."""
    for name, sale in told.sales.items():
        ours = books.ours.reservations.get(name)
        if ours is None:
            yield f"{name}: acknowledged under {sale.key}, not in our store"
        record = pms.records.get(int(sale.pms_ref)) if sale.pms_ref.isdigit() else None
        ref = ours.external_ref if ours is not None else record.ref if record is not None else ""
        if record is None:
            yield f"{name}: acknowledged under {sale.key}, number {sale.pms_ref or 'none'} is not in the PMS"
        elif record.ref != ref:
            yield f"{name}: its number {sale.pms_ref} is another's in the PMS"
        standing = [one.id for one in pms.live_of(ref)] if ref else []
        if len(standing) > 1:
            yield f"{name}: stands in the PMS {len(standing)} times ({', '.join(map(str, standing))})"
        elif not standing and record is not None and not allowed(name, sale, ours, told, books) & OVER:
            yield f"{name}: acknowledged as {sale.status}, and no record stands in the PMS"


def allowed(name: str, sale: Sale, ours: Ours | None, told: Promises, books: Books) -> set[str]:
    """The states it may be in."""
    if sale.is_in_doubt and ours is not None:
        return {ours.state, sale.status}
    states = {sale.status}
    lines = books.ours.history.get(name, [])
    if sale.status in _TIMED:
        if any(line.action == "expired" and _was_due(line, books.now_ms) for line in lines):
            states.add("expired")
        if any(line.action == "adopted_from_pms" for line in lines):
            states.add("confirmed")
    if told.rolled_back_ns >= sale.at_ns and any(line.action.startswith("rollback") for line in lines):
        states |= {"rolled_back"} | ({ours.state} if ours is not None else set())
    return states


def _was_due(line: Line, now_ms: int) -> bool:
    due = _instant_ms(line.deadline)
    return due is not None and due <= line.at and due <= now_ms


def _instant_ms(text: str) -> int | None:
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return None


def as_acknowledged(told: Promises, books: Books) -> Iterator[str]:
    """Every state it was said to be in; its days, room, money and number; and the record in the PMS."""
    for name, sale in told.sales.items():
        ours = books.ours.reservations.get(name)
        if ours is None:
            continue
        states = allowed(name, sale, ours, told, books)
        if ours.state not in states:
            yield f"{name}: acknowledged as {sale.status}, it is {ours.state} in our store"
        for state in sale.states:
            if (name, state) not in books.ours.lived:
                yield f"{name}: acknowledged as {state}, which it has never been"
        if not sale.is_in_doubt:
            yield from _facts(name, sale, ours)
        if books.theirs is not None:
            yield from _in_pms(name, sale, states, books, books.theirs)


def _facts(name: str, sale: Sale, ours: Ours) -> Iterator[str]:
    said = (sale.check_in, sale.check_out, sale.room_type, sale.rooms, minor(sale.total, sale.currency), sale.currency)
    there = (ours.check_in, ours.check_out, ours.room_type, ours.rooms, ours.total, ours.currency)
    if said != there:
        yield f"{name}: acknowledged as {_text(said)}, it is {_text(there)} in our store"
    if sale.pms_ref and sale.pms_ref != ours.pms_ref:
        yield f"{name}: acknowledged with number {sale.pms_ref}, it has {ours.pms_ref or 'none'}"


def _in_pms(name: str, sale: Sale, states: set[str], books: Books, pms: PmsBooks) -> Iterator[str]:
    record = pms.records.get(int(sale.pms_ref)) if sale.pms_ref.isdigit() else None
    if record is None or sale.is_in_doubt:
        return
    if not record.is_live:
        if not states & OVER:
            yield f"{name}: acknowledged as {sale.status}, record {record.id} is {record.status} in the PMS"
        return
    codes = books.codes.get(record.hotel, {})
    meant = [state for state in states if record.guarantee in codes.get(state, ())]
    if not meant and states - OVER:
        yield f"{name}: acknowledged as {sale.status}, record {record.id} has guarantee {record.guarantee} in the PMS"
    elif not meant:
        yield f"{name}: acknowledged as {sale.status}, record {record.id} still stands in the PMS"
    said = (sale.check_in, sale.check_out, sale.room_type, sale.rooms, minor(sale.total, sale.currency))
    there = (record.arrival, record.departure, record.room_type, record.units, record.total)
    if said != there:
        yield f"{name}: acknowledged as {_text(said)}, record {record.id} is {_text(there)} in the PMS"


@lru_cache(1 << 15)
def minor(amount: str, currency: str) -> int:
    """Minor units of a decimal text; -1 when nothing was said."""
    return Money.of(amount, currency).minor if amount and currency else -1


def _text(facts: tuple[object, ...]) -> str:
    return " ".join(map(str, facts))


def our_records_known(told: Promises, ours: OurBooks) -> Iterator[str]:
    """Every reservation of ours was asked for under a key of the journal, and no key made two."""
    makers: dict[str, str] = {}
    for name, one in ours.reservations.items():
        if one.request_key not in told.fates:
            yield f"{name}: made under {one.request_key}, which the load never sent"
        before = makers.setdefault(one.request_key, name)
        if before != name:
            yield f"{name}: made under {one.request_key}, as was {before}"


def pms_records_known(told: Promises, ours: OurBooks, pms: PmsBooks) -> Iterator[str]:
    """Every record has our reference, belongs to one reservation of ours that the load asked for, and stands once."""
    by_ref, refs = ours.by_ref(), set(ours.refs.values())
    for record in pms.records.values():
        one = by_ref.get(record.ref)
        if one is not None:
            if record.is_live and one.request_key not in told.fates:
                yield f"record {record.id}: belongs to {one.reservation_id}, which the load never asked for"
        elif record.is_live or record.ref not in refs:
            yield f"record {record.id}: {record.ref or 'no reference of ours'} is no reservation of ours"
    for ref, records in pms.by_ref.items():
        standing = [str(record.id) for record in records if record.is_live]
        if len(standing) > 1:
            yield f"records {', '.join(standing)}: stand under one reference {ref}"


def books_agree(books: Books, pms: PmsBooks) -> Iterator[str]:
    """Our store against the PMS, whatever was acknowledged."""
    for name, one in books.ours.reservations.items():
        standing = pms.live_of(one.external_ref)
        wanted = 0 if one.state in OVER else 1
        if name in books.ours.undecided:
            continue
        if len(standing) != wanted:
            yield f"{name}: {one.state} in our store, {len(standing)} standing records in the PMS"
        elif standing:
            yield from _agree(one, standing[0], books)


def _agree(one: Ours, record: Theirs, books: Books) -> Iterator[str]:
    codes = books.codes.get(record.hotel, {}).get(one.state)
    if codes is None:
        return
    if str(record.id) != one.pms_ref or record.guarantee not in codes:
        yield (
            f"{one.reservation_id}: {one.state} and number {one.pms_ref} in our store, "
            f"guarantee {record.guarantee} and number {record.id} in the PMS"
        )
    here = (one.check_in, one.check_out, one.room_type, one.rooms, one.total)
    there = (record.arrival, record.departure, record.room_type, record.units, record.total)
    if here != there:
        yield f"{one.reservation_id}: {_text(here)} in our store, {_text(there)} in the PMS"


def refused_left_nothing(told: Promises, books: Books) -> Iterator[str]:
    """A refused key has no reservation, no standing record and no payment."""
    by_key = {one.request_key: one for one in books.ours.reservations.values()}
    for key in told.refused:
        one = by_key.get(key)
        if one is not None:
            yield f"{one.reservation_id}: made under {key}, which was refused"
        ref, pms = books.ours.refs.get(key, ""), books.theirs
        if not ref or pms is None:
            continue
        yield from (f"record {record.id}: made under {key}, which was refused" for record in pms.live_of(ref))
        if pms.references[ref]:
            yield f"payment {ref}: made under {key}, which was refused"


def writes_settled(told: Promises, books: Books) -> Iterator[str]:
    """Every write has its end or is on the board. One whose caller was told that nobody knows may stay open for a day
    (docs/algorithms/exactly-once.md), unless it is a payment or the PMS has the record it was to make."""
    for one in books.ours.unsettled:
        is_known_of = told.fates.get(one.key) in _NOBODY_KNOWS and one.kind != "deposit"
        is_there = books.theirs is not None and bool(books.theirs.live_of(one.ref))
        if not is_known_of or is_there:
            yield f"{one.intent_id}: {one.kind} under {one.key} is {one.state}, and nobody was told"


def holds_used_or_released(books: Books) -> Iterator[str]:
    """None is alive past its end."""
    for name, one in books.ours.reservations.items():
        if one.state in _TIMED and one.expires_at is not None and one.expires_at + GRACE_MS < books.now_ms:
            end = datetime.fromtimestamp(one.expires_at / 1000, UTC)
            yield f"{name}: {one.state} still, past its end at {end:%Y-%m-%dT%H:%M:%SZ}"


def payments_agree(told: Promises, books: Books) -> Iterator[str]:
    """Sums as they were acknowledged, in our store, and in the PMS; no payment twice, each acknowledged one there."""
    for name, sale in told.sales.items():
        ours = books.ours.reservations.get(name)
        if ours is not None and not sale.is_in_doubt and sale.paid:
            said = minor(sale.paid, sale.currency)
            if said != ours.paid:
                yield f"{name}: {said} acknowledged as paid, {ours.paid} in our store"
    if books.theirs is not None:
        yield from _paid_in_pms(told, books, books.theirs)


def _paid_in_pms(told: Promises, books: Books, pms: PmsBooks) -> Iterator[str]:
    for name, one in books.ours.reservations.items():
        paid = pms.deposits[int(one.pms_ref)] if one.pms_ref.isdigit() else 0
        if paid != one.paid and name not in books.ours.undecided:
            yield f"{name}: {one.paid} paid in our store, {paid} in the PMS"
    for key, name in told.payments.items():
        if not pms.references[books.ours.refs.get(key, "")]:
            yield f"{name}: its payment under {key} was acknowledged and is not in the PMS"
    yield from (f"payment {ref}: there {count} times" for ref, count in pms.references.items() if ref and count > 1)


def prices_as_quoted(prices: Iterable[tuple[str, str, str, str]]) -> Iterator[str]:
    """What was said at the sale is what was quoted."""
    for key, name, quoted, total in prices:
        if quoted != total and minor(quoted, "EUR") != minor(total, "EUR"):
            yield f"{name}: quoted {quoted}, sold at {total} under {key}"


def in_pms_before_call_end(told: Promises, pms: PmsBooks) -> Iterator[str]:
    """The PMS made the record before the end of the call was sent; both instants by this machine's clock."""
    for name, sale, ended_ns in in_calls(told):
        record = pms.records.get(int(sale.pms_ref)) if sale.pms_ref.isdigit() else None
        if record is None:
            yield f"{name}: its call {sale.call_id} has ended, and it is not in the PMS"
            continue
        late = (record.created_ms - pms.wall_offset_ms) - ended_ns // _NS_PER_MS
        if late > 0:
            yield f"{name}: in the PMS {late} ms after its call {sale.call_id} ended"
