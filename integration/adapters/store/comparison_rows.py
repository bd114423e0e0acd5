"""Comparisons with the PMS and what they found, as they are stored; the statements are in `comparison_sql.py`."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from domain.reservation import Reservation
from integration.adapters.store.access import Access, padded
from integration.adapters.store.record_rows import intent_of, task_of
from integration.adapters.store.rows import Columns, Row, reservation_of
from integration.adapters.store.scalars import from_ms, from_ms_or_none, json_text, to_ms, to_ms_or_none
from integration.adapters.store.widths import NAME_WIDTH
from integration.ports.comparisons import Comparison, Finding, FindingKind, Gap
from integration.ports.records import Intent, Task

_counts = msgspec.json.Decoder(dict[str, int]).decode
_gaps = msgspec.json.Decoder(list[tuple[str, str | None, str | None]]).decode


def _moving(one: Comparison) -> Columns:
    """What changes in the course of a comparison."""
    return {
        "position": one.position.isoformat(),
        "checked": one.counts.get("here", 0) + one.counts.get("there", 0),
        "found": one.counts.get("found", 0),
        "document": json_text(dict(one.counts)),
        "finished_at": to_ms_or_none(one.finished_at),
    }


def _columns(one: Comparison) -> Columns:
    return {
        "comparison_id": one.comparison_id,
        "hotel_id": one.hotel_id,
        "actor": one.actor,
        "created_at": to_ms(one.created_at),
        "arrival_from": one.arrival_from.isoformat(),
        "arrival_to": one.arrival_to.isoformat(),
        "repairs": int(one.repairs),
        **_moving(one),
    }


def _comparison_of(row: Row) -> Comparison:
    comparison_id, hotel_id, actor, created_at, finished_at, first, last, repairs, position, _, _, document = row
    return Comparison(
        comparison_id,
        hotel_id,
        actor,
        from_ms(created_at),
        date.fromisoformat(first),
        date.fromisoformat(last),
        bool(repairs),
        date.fromisoformat(position),
        _counts(document),
        from_ms_or_none(finished_at),
    )


def _finding_of(row: Row) -> Finding:
    comparison_id, line, kind, reservation_id, pms_ref, external_ref, document, repair = row
    gaps = tuple(Gap(*one) for one in _gaps(document))
    return Finding(comparison_id, line, FindingKind(kind), reservation_id, pms_ref, external_ref or "", gaps, repair)


class ComparisonReading(Access):
    """What can be read of them."""

    __slots__ = ()

    def get_comparison(self, comparison_id: str) -> Comparison | None:
        row = self._one("get_comparison", {"the_id": comparison_id})
        return None if row is None else _comparison_of(row)

    def list_comparisons(self, hotel_id: str | None, limit: int) -> list[Comparison]:
        if hotel_id is None:
            return [_comparison_of(row) for row in self._all("list_comparisons", {"limit": limit})]
        return [_comparison_of(row) for row in self._all("comparisons_of", {"hotel_id": hotel_id, "limit": limit})]

    def last_restore(self, hotel_id: str) -> datetime | None:
        row = self._one("last_restore", {"hotel_id": hotel_id})
        return None if row is None else from_ms_or_none(row[0])

    def findings(self, comparison_id: str, *, after: int, limit: int, unrepaired: bool = False) -> list[Finding]:
        statement = "findings_left" if unrepaired else "findings"
        rows = self._all(statement, {"parent": comparison_id, "after": after, "limit": limit})
        return [_finding_of(row) for row in rows]

    def count_arriving(self, hotel_id: str, first: date, last: date) -> int:
        row = self._one("count_arriving", _arrivals(hotel_id, first, last))
        return 0 if row is None else int(row[0])

    def arriving(self, hotel_id: str, first: date, last: date) -> list[Reservation]:
        return [reservation_of(row) for row in self._all("arriving", _arrivals(hotel_id, first, last))]

    def refused_references(self, hotel_id: str, references: Iterable[str]) -> set[str]:
        wanted, found = sorted(set(references)), set[str]()
        for start in range(0, len(wanted), NAME_WIDTH):
            some = padded("ref", wanted[start : start + NAME_WIDTH], NAME_WIDTH)
            found |= {row[0] for row in self._all("refused_references", {"hotel_id": hotel_id, **some})}
        return found

    def watched_intents(self, now: datetime, limit: int) -> list[Intent]:
        return [intent_of(row) for row in self._all("watched_intents", {"now": to_ms(now), "limit": limit})]

    def get_task(self, task_id: str) -> Task | None:
        row = self._one("get_task", {"the_id": task_id})
        return None if row is None else task_of(row)


def _arrivals(hotel_id: str, first: date, last: date) -> Columns:
    return {"hotel_id": hotel_id, "first": first.isoformat(), "last": last.isoformat()}


class ComparisonWriting(Access):
    """What can be changed of them."""

    __slots__ = ()

    def add_comparison(self, comparison: Comparison) -> None:
        self._change("add_comparison", _columns(comparison))

    def advance_comparison(self, comparison: Comparison, *, expected: date) -> bool:
        guard = {"the_id": comparison.comparison_id, "expected": expected.isoformat()}
        return self._change("advance_comparison", {**_moving(comparison), **guard}) == 1

    def add_finding(self, finding: Finding) -> None:
        columns = {
            "parent": finding.comparison_id,
            "kind": finding.kind.value,
            "reservation_id": finding.reservation_id,
            "pms_ref": finding.pms_ref,
            "external_ref": finding.external_ref,
            "document": json_text([[gap.field, gap.here, gap.there] for gap in finding.gaps]),
            "repair": finding.repair,
        }
        self._change("add_finding", columns)

    def mark_finding(self, comparison_id: str, line: int, repair: str) -> None:
        self._change("mark_finding", {"parent": comparison_id, "the_line": line, "repair": repair})
