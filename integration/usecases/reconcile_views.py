"""Bodies of a comparison with the PMS: one row per field that differs, lists by kind, counts, and how it ended.

A list shows the first thousand rows; `counts` has them all and `next` is the line to go on behind.
"""

from domain.access import Actor, Permission
from domain.errors import NotFound
from integration.ports.comparisons import Comparison, Finding, FindingKind, Gap
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.reconcile import left_of
from integration.usecases.reconcile_look import unsettled_of
from integration.usecases.views import day, instant

MOST = 1000
COUNTS = ("here", "there", "same", "others", "followed", "looked_at", "unsettled", "found")


async def comparison_body(desk: Desk, one: Comparison, *, after: int = 0, limit: int = MOST) -> Body:
    """A comparison with what it found behind line `after`."""
    return await desk.store.read(lambda tx: _body(tx, one, after, limit))


def _body(tx: ReadTx, one: Comparison, after: int, limit: int) -> Body:
    found = tx.findings(one.comparison_id, after=after, limit=limit)
    left = left_of(tx, one)
    lists = {kind.value: [row for each in found if each.kind is kind for row in _rows(each)] for kind in FindingKind}
    pending = [
        {
            "intent_id": each.intent_id,
            "kind": each.kind.value,
            "state": each.state.value,
            "reservation_id": each.reservation_id,
            "external_ref": each.external_ref,
            "sent_at": instant(each.sent_at),
        }
        for each in unsettled_of(tx, one.hotel_id)
    ]
    return {
        "comparison_id": one.comparison_id,
        "hotel_id": one.hotel_id,
        "status": status_of(one, left),
        "actor": one.actor,
        "created_at": instant(one.created_at),
        "finished_at": instant(one.finished_at),
        "arrival_from": day(one.arrival_from),
        "arrival_to": day(one.arrival_to),
        "position": day(one.position),
        "repair": one.repairs,
        **lists,
        "pending": pending,
        "left": left,
        "counts": {name: one.counts.get(name, 0) for name in (*COUNTS, *FindingKind)} | {"pending": len(pending)},
        "next": found[-1].line if len(found) == limit else None,
    }


def status_of(one: Comparison, left: int) -> str:
    """`unfinished`, `same`, `different`, or `repaired` when all that differed was mended."""
    if one.finished_at is None:
        return "unfinished"
    if left:
        return "different"
    return "repaired" if one.counts.get("found", 0) else "same"


def _rows(one: Finding) -> list[Body]:
    about = {
        "line": one.line,
        "reservation_id": one.reservation_id,
        "pms_ref": one.pms_ref,
        "external_ref": one.external_ref,
        "repair": one.repair,
    }
    return [{**about, **_gap(gap)} for gap in one.gaps]


def _gap(gap: Gap) -> Body:
    return {"field": gap.field, "here": gap.here, "there": gap.there}


async def show_comparison(
    desk: Desk, actor: Actor, hotel_id: str | None, comparison_id: str | None, *, after: int = 0, limit: int = MOST
) -> Body:
    """A comparison by id, or the newest of the hotel; NotFound when there is none."""
    actor.require(Permission.RECONCILE)

    def find(tx: ReadTx) -> Comparison | None:
        if comparison_id is not None:
            return tx.get_comparison(comparison_id)
        return next(iter(tx.list_comparisons(desk.hotel(hotel_id).hotel_id, 1)), None)

    found = await desk.store.read(find)
    if found is None:
        raise NotFound("There is no comparison with the PMS yet.", field="comparison_id")
    return await comparison_body(desk, found, after=after, limit=limit)
