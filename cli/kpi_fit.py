"""The demand of thirty days of cases and calls as a scenario for the planner.

The facts become a contact log as any other (docs/scenario-file.md), in a file that is gone afterwards, and the log is
fitted by the very code of `santral scenario fit`. What facts do not know (turns, work after the call) stays the base's.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cli.context import Session
from cli.fit_words import WRITTEN
from cli.scenario_fit import fitted
from domain.kpi_facts import CallFact, CaseFact, StayFact
from domain.kpi_row import Period
from integration.adapters.sheets_out import open_writer
from integration.ports.store import ReadTx
from scenarios.schema.season_words import CHANNELS, LANGUAGES

if TYPE_CHECKING:
    from cli.kpi_targets import FitAsked

Body = dict[str, Any]
Cells = dict[str, str]
_DAY = timedelta(days=1)
PHONE = "phone"


def fitted_demand(session: Session, proposal: Body, asked: "FitAsked") -> Body:
    """Write the scenario; gives what `scenario fit` tells."""
    hotel = session.desk.hotel(proposal["hotel_id"])
    span = Period(date.fromisoformat(proposal["from"]), date.fromisoformat(proposal["to"]))
    without = frozenset(date.fromisoformat(one) for one in proposal["without"])
    rows = session.run(
        lambda desk: desk.store.read(lambda tx: list(log_rows(tx, hotel.hotel_id, span, hotel.zone, without)))
    )
    with TemporaryDirectory() as folder:
        log = Path(folder) / f"{hotel.hotel_id.lower()}.csv"
        with open_writer(log, WRITTEN) as writer:
            for row in rows:
                writer.write(row)
        return fitted(session, log, asked.base, out=asked.out, rooms=asked.rooms, name="", force=asked.is_forced)


def log_rows(tx: ReadTx, hotel_id: str, span: Period, zone: tzinfo, without: frozenset[date]) -> Iterator[Cells]:
    """One row for each inbound call and each case that began in writing, in the columns of a contact log."""
    days = [span.first + n * _DAY for n in range((span.last - span.first).days + 1)]
    taken = {one.case_id for day in days for one in tx.kpi_cases_on(hotel_id, day) if one.is_handed_over}
    for day in days:
        if day not in without:
            sales = {name: stay for stay in _stays(tx, hotel_id, day) for name in (stay.call_id, stay.case_id) if name}
            yield from (_call(one, zone, sales, taken) for one in tx.kpi_calls_on(hotel_id, day) if one.is_inbound)
            cases = (one for one in tx.kpi_cases_on(hotel_id, day) if one.by.channel != PHONE)
            yield from (_case(one, zone, sales) for one in cases if one.by.channel in CHANNELS)


def _stays(tx: ReadTx, hotel_id: str, day: date) -> Iterator[StayFact]:
    """Sales that a contact of this day may have led to."""
    for later in range(8):
        yield from tx.kpi_sales_on(hotel_id, day + later * _DAY)


def _call(one: CallFact, zone: tzinfo, sales: dict[str, StayFact], taken: set[str]) -> Cells:
    outcome = "answered" if one.is_answered else "abandoned" if one.is_abandoned else "unknown"
    stay = sales.get(one.call_id) or sales.get(one.case_id)
    return {
        **_common(one.started_at, zone, PHONE, one.by.language, is_sales=one.is_sales),
        "leg": "handoff" if one.case_id in taken else "first",
        "caller": one.case_id,
        "outcome": outcome,
        "wait_s": _seconds(one.wait_s),
        "talk_s": _seconds(one.talk_s if one.is_answered else None),
        "bought": ("yes" if one.is_sold else "no") if one.is_sales and one.is_answered else "",
        "check_in": _check_in(stay, one.started_at, zone) if one.is_sold else "",
    }


def _case(one: CaseFact, zone: tzinfo, sales: dict[str, StayFact]) -> Cells:
    is_answered = one.frt_s is not None and not one.is_frt_open
    is_won = one.lead_status == "won"
    return {
        **_common(one.opened_at, zone, one.by.channel, one.by.language, is_sales=one.lead_status is not None),
        "outcome": "answered" if is_answered else "unknown",
        "wait_s": _seconds(one.frt_wall_s if is_answered else None),
        "handed_over": "yes" if one.is_handed_over else "no",
        "bought": ("yes" if is_won else "no") if one.lead_status in {"won", "lost"} else "",
        "check_in": _check_in(sales.get(one.case_id), one.opened_at, zone) if is_won else "",
    }


def _common(at: datetime, zone: tzinfo, channel: str, language: str, *, is_sales: bool) -> Cells:
    local = at.astimezone(zone).replace(tzinfo=None)
    return {
        **dict.fromkeys(WRITTEN, ""),
        "started": local.isoformat(sep=" ", timespec="milliseconds"),
        "channel": channel,
        "language": language if language in LANGUAGES else "",
        "intent": "sales" if is_sales else "service",
    }


def _check_in(stay: StayFact | None, at: datetime, zone: tzinfo) -> str:
    is_after = stay is not None and stay.arrival >= at.astimezone(zone).date()
    return stay.arrival.isoformat() if stay is not None and is_after else ""


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
