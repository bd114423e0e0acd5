"""Reporting and the template's lines: numbers held against the PMS, reasons, the board, roles, training, policies."""

import asyncio
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cli.golive.calibrated import calibrated, waiting
from cli.golive.facts import Facts
from cli.golive.ground import REFUSED, Body, Ground
from cli.golive.probes_screen import proven_guest
from cli.lesson_rollback import run_lesson
from cli.loadtest.audit_rows import store_rows
from domain.access import RIGHTS, Actor, Role
from domain.kpi_lines import COUNTED
from domain.reservation import Reservation, ReservationState
from integration.usecases.desk import Desk
from integration.usecases.look_up import ReservationSearch, list_reservations

READER = Actor("golive", Role.ADMIN, "golive")
PAGE, MOST = 200, 400
FORBIDDEN = 403
PILOT = timedelta(days=30)
KPIS, BOARD = "/v1/kpis", "/v1/kpis/board"
_ENDED = """
SELECT count(*), sum(CASE WHEN outcome IS NULL THEN 1 ELSE 0 END),
  sum(CASE WHEN outcome = 'not_sold' AND lost_reason IS NULL THEN 1 ELSE 0 END) FROM calls WHERE ended_at IS NOT NULL
"""
_LOST = "SELECT count(*), sum(CASE WHEN lost_reason IS NULL THEN 1 ELSE 0 END) FROM cases WHERE lead_status = 'lost'"
_FIRST = ("SELECT min(at) FROM messages", "SELECT min(started_at) FROM calls")


async def kpis_match_pms(ground: Ground, facts: Facts) -> None:
    """The KPI report differs nowhere from the PMS; nor do confirmed stays and their revenue, counted on both sides."""
    said = (await _report(ground))["pms"]
    facts.need("report_agrees", not said["differing"] and not said["silent"],
               f"{len(said['differing'])} of {said['reservations']} differ")  # fmt: skip
    for hotel_id in ground.config.hotels:
        ours = await _confirmed(ground.config, hotel_id)
        if not ours:
            continue
        theirs = await asyncio.gather(*(_total_in_pms(ground.config, one) for one in ours))
        here, there = _sums(str(one.total) for one in ours), _sums(theirs)
        facts.same(f"{hotel_id}:{len(ours)} confirmed", here, there)
    if len(facts.needed) == 1:
        facts.need("confirmed_reservations", holds=False, value="none to compare")


async def _confirmed(desk: Desk, hotel_id: str) -> list[Reservation]:
    """The newest confirmed ones, at most MOST."""
    found: list[Reservation] = []
    after: str | None = None
    while len(found) < MOST:
        asked = ReservationSearch(hotel_id, (ReservationState.CONFIRMED.value,), after=after, limit=PAGE)
        page = await list_reservations(desk, READER, asked)
        found += page
        if len(page) < PAGE:
            break
        after = page[-1].reservation_id
    return found[:MOST]


async def _total_in_pms(desk: Desk, one: Reservation) -> str:
    """Its total as the PMS has it; `missing` when the stay is not there, or is cancelled there."""
    hotel = desk.hotel(one.hotel_id)
    there = await desk.pms.read_booking(hotel, one.pms_ref) if one.pms_ref else None
    if there is None or hotel.pms.states.get(there.status) is ReservationState.CANCELLED:
        return "0 missing"
    return str(there.total)


def _sums(totals: Iterable[str]) -> str:
    """`3: 4350.00 EUR, 120.00 TRY`: how many, and the sum of each currency."""
    rows = [one.split() for one in totals]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for amount, currency in rows:
        sums[currency] += Decimal(amount)
    return f"{len(rows)}: " + ", ".join(f"{amount} {currency}" for currency, amount in sorted(sums.items()))


async def reasons_recorded(ground: Ground, facts: Facts) -> None:
    """A call that was lost says why; no call and no lead of the store is without its result."""
    call = await ground.post("/v1/calls", {"phone": ground.phone(), "hotel": ground.hotel.hotel_id})
    place = f"/v1/calls/{call['call_id']}/end"
    facts.need("no_end_without_reason", await ground.refused(place, {"outcome": "not_sold"}) >= REFUSED)
    reason = next(iter(ground.hotel.lost_reasons))
    ended = await ground.post(place, {"outcome": "not_sold", "lost_reason": reason})
    facts.same("reason", reason, ended["lost_reason"])
    with store_rows(ground.shown) as rows:
        ((calls, open_ended, unsaid),), ((lost, unsaid_too),) = rows(_ENDED), rows(_LOST)
    facts.same("ended_without_result", 0, int(open_ended or 0))
    facts.same("lost_without_reason", 0, int(unsaid or 0) + int(unsaid_too or 0))
    facts.tell("calls", int(calls))
    facts.tell("lost_leads", int(lost))


async def dashboard(ground: Ground, facts: Facts) -> None:
    """Lost reasons, missed leads and revenue at risk in one answer, beside the clocks that run now."""
    clocks = await ground.get("/v1/clocks", ground.supervisor)
    facts.need("clocks", clocks["as_of"], f"{len(clocks['rows'])} channels")
    reply = await ground.supervisor.get(f"{BOARD}?hotel={ground.hotel.hotel_id}")
    facts.need(f"GET {BOARD}", reply.status < REFUSED, reply.status)


async def kpi_dashboard(ground: Ground, facts: Facts) -> None:
    """Every KPI of the set is in one answer, with its target and status where it has one."""
    report = await _report(ground)
    shown = {str(one["kpi"]) for one in report["rows"]}
    facts.need("kpis", shown, len(shown))
    missing = sorted(set(COUNTED) - shown)
    facts.need("all_shown", not missing, ",".join(missing) or "yes")
    facts.tell("with_target", sum(one["target"] is not None for one in report["rows"]))


async def _report(ground: Ground) -> Body:
    """The KPIs of the last 30 days, with the PMS asked."""
    days = f"from={ground.today - PILOT}&to={ground.today}"
    return await ground.get(f"{KPIS}?{days}&hotel={ground.hotel.hotel_id}", ground.supervisor)


async def role_access(ground: Ground, facts: Facts) -> None:
    """What is a supervisor's is refused to an operator, and the screen knows each one's rights."""
    for who, role in ((ground.operator, Role.OPERATOR), (ground.supervisor, Role.SUPERVISOR)):
        me = await ground.get("/v1/me", who)
        facts.same(role.value, ",".join(sorted(RIGHTS[role])), ",".join(sorted(me["permissions"])))
    guest = (await proven_guest(ground))["guest_id"]
    facts.same("operator_reads_audit", FORBIDDEN, (await ground.operator.get("/v1/audit/tail")).status)
    merge = {"other": guest, "reason": "may an operator?"}
    facts.same("operator_merges", FORBIDDEN, await ground.refused(f"/v1/guests/{guest}/merge", merge))
    seen = await ground.get(f"/v1/guests/{guest}?hotel={ground.hotel.hotel_id}")
    facts.need("operator_sees_masks", seen["masked"] is True)


async def training(ground: Ground, facts: Facts) -> None:
    """The procedure is shipped, and its exercise can be played to its end."""
    facts.need(ground.procedure.name, ground.procedure.is_file())
    settings = replace(ground.settings, clock_offset=timedelta(0))
    body = await asyncio.to_thread(run_lesson, settings, ground.environ, lambda *_, **__: None)
    facts.same("santral demo --lesson rollback", "PASS", body["verdict"])
    facts.tell("steps", len(body["steps"]))


async def roles_defined(ground: Ground, facts: Facts) -> None:
    """Somebody of each role, besides this check's own users."""
    users = await ground.config.store.read(lambda tx: tx.list_users())
    for role in Role:
        count = sum(one.role is role and one.revoked_at is None and "golive" not in one.name for one in users)
        facts.need(role.value, count, count)


async def masking_retention(ground: Ground, facts: Facts) -> None:
    """Operators see masks, and every hotel file says how long personal data is kept."""
    guest = (await proven_guest(ground))["guest_id"]
    seen = await ground.get(f"/v1/guests/{guest}?hotel={ground.hotel.hotel_id}")
    facts.need("masking", seen["masked"] is True)
    for path in sorted(ground.shown.hotels_dir.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        kept = content.get("retention")
        facts.need(f"{path.name}:[retention]", kept, "none" if not kept else ",".join(kept))


async def targets_calibrated(ground: Ground, facts: Facts) -> None:
    """Each hotel has resolution targets that its own 30 days gave, approved and counting now."""
    with store_rows(ground.shown) as rows:
        begun = [int(first) for sql in _FIRST for ((first,),) in (rows(sql),) if first is not None]
    first = datetime.fromtimestamp(min(begun) / 1000, UTC).date() if begun else None
    facts.tell("first_contact", first or "none")
    now = ground.config.clock.now()
    for hotel_id in ground.config.hotels:
        found, late = await ground.config.store.read(
            lambda tx: (calibrated(tx, hotel_id, now, first), waiting(tx, hotel_id, now))  # noqa: B023 - read at once
        )
        facts.need(f"{hotel_id}:from_30_days", found, ", ".join(map(str, found)) or "none")
        if late:
            facts.tell(f"{hotel_id}:waiting", ",".join(late))
