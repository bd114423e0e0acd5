"""The readiness list, looked at: each line by its probe, each probe by itself, so that one finding hides no other.

A probe that cannot go on (an answer it did not expect, a PMS that is away) leaves its line not ready, with what it met.
Waivers come last and touch only lines that are not ready.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace

import aiohttp

from cli.golive import probes_integration as integration
from cli.golive import probes_leads as leads
from cli.golive import probes_reporting as reporting
from cli.golive import probes_reservation as reservation
from cli.golive import probes_screen as screen
from cli.golive.facts import Facts, Missing
from cli.golive.ground import Ground
from cli.golive.lines import LINES, Line, Stands, State
from cli.loadtest.target import Waiver
from domain.errors import DomainError
from integration.errors import ServiceError
from loadtests.checks import Check, Section
from loadtests.words import CheckStatus
from pms_mock.control import ControlError, StoreError

Probe = Callable[[Ground, Facts], Awaitable[None]]
PROBES: Mapping[str, Probe] = {
    "live_price": integration.live_price,
    "guest_history": integration.guest_history,
    "status_mapping": integration.status_mapping,
    "one_record_in_call": integration.one_record_in_call,
    "rollback_and_log": integration.rollback_and_log,
    "one_screen": screen.one_screen,
    "warnings": screen.warnings,
    "repeat_guest": screen.repeat_guest,
    "offer_one_click": screen.offer_one_click,
    "masked_data": screen.masked_data,
    "made_on_one_screen": screen.made_on_one_screen,
    "hold_time": reservation.hold_time,
    "confirms_itself": reservation.confirms_itself,
    "cancel_no_show": reservation.cancel_no_show,
    "rollback_reservation": reservation.rollback_reservation,
    "one_lead_queue": leads.one_lead_queue,
    "lead_matched": leads.lead_matched,
    "lead_status": leads.lead_status,
    "lost_reason": leads.lost_reason,
    "consents": leads.consents,
    "kpis_match_pms": reporting.kpis_match_pms,
    "reasons_recorded": reporting.reasons_recorded,
    "dashboard": reporting.dashboard,
    "role_access": reporting.role_access,
    "training": reporting.training,
    "roles_defined": reporting.roles_defined,
    "masking_retention": reporting.masking_retention,
    "hold_confirmed_mapping": reservation.hold_confirmed_mapping,
    "rollback_mechanism": reservation.rollback_mechanism,
    "kpi_dashboard": reporting.kpi_dashboard,
    "one_case_id": leads.one_case_id,
    "first_response_clock": leads.first_response_clock,
    "tags": leads.tags,
    "duplicates_merged": leads.duplicates_merged,
    "targets_calibrated": reporting.targets_calibrated,
}
_STATUS = {
    State.READY: CheckStatus.PASS,
    State.NOT_READY: CheckStatus.FAIL,
    State.WAIVED: CheckStatus.WAIVED,
}
_MET = (Missing, DomainError, ServiceError, aiohttp.ClientError, ControlError, StoreError)
_STRANGE = (KeyError, IndexError, TypeError, ValueError, StopIteration, OSError, TimeoutError)


async def examine(ground: Ground, progress: Callable[[str], None]) -> list[Stands]:
    """All lines, in their order."""
    found = []
    for number, line in enumerate(LINES, 1):
        progress(f"{number}/{len(LINES)} {line.slug}")
        found.append(await look(ground, line))
    return found


async def look(ground: Ground, line: Line) -> Stands:
    """One line."""
    facts = Facts()
    try:
        await PROBES[line.slug](ground, facts)
    except _MET as error:
        return facts.stands(line, str(error))
    except _STRANGE as error:
        return facts.stands(line, f"{type(error).__name__}: {error}")
    return facts.stands(line)


def answered_for(found: Iterable[Stands], waivers: Iterable[Waiver]) -> list[Stands]:
    """The lines with what is not ready and was waived marked so."""
    by_line = {one.check: one for one in waivers}
    rows = []
    for one in found:
        waiver = by_line.get(one.line.slug)
        if waiver is None or one.state is State.READY:
            rows.append(one)
        else:
            told = f"{waiver.by}: {waiver.reason} ({one.evidence})"
            rows.append(replace(one, state=State.WAIVED, evidence=told))
    return rows


def checks_of(found: Iterable[Stands]) -> list[Check]:
    """The lines as lines of the verdict."""
    return [
        Check(Section.READINESS, one.line.slug, State.READY.value, one.state.value, _STATUS[one.state], one.evidence)
        for one in found
    ]
