"""From a fault profile, or what was typed, to the fault rules of the mock PMS in the mock's own form."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.errors import InvalidInput
from integration.usecases.views import instant
from pms_mock.faults.rules import FOR_EVER_MS
from scenarios.schema.faults_profile import FaultProfile, FaultRule

Body = dict[str, Any]


def rules_of(profile: FaultProfile, now: datetime, pms_hotel: Callable[[str], str], seed: int | None) -> list[Body]:
    """The rules of a profile loaded at `now`; `pms_hotel` gives the PMS's code of one of our hotels."""
    first = profile.seed if seed is None else seed
    return [_rule(rule, now, pms_hotel, first + place) for place, rule in enumerate(profile.fault)]


def _rule(rule: FaultRule, now: datetime, pms_hotel: Callable[[str], str], seed: int) -> Body:
    return {
        "kind": rule.kind,
        "operation": rule.operation,
        "hotel": pms_hotel(rule.hotel) if rule.hotel else "*",
        "rate": 1.0 if rule.rate is None else float(rule.rate),
        "times": rule.times or -1,
        "seed": seed if rule.seed is None else rule.seed,
        **window(_at(rule.start, now), _at(rule.end, now)),
        **rule.params,
    }


def window(start: datetime | None, end: datetime | None) -> Body:
    """The window of a rule in the mock's words; what is left open is left out."""
    ends = {"start_ms": start, "until_ms": end}
    return {name: int(moment.timestamp() * 1000) for name, moment in ends.items() if moment is not None}


def _at(moment: timedelta | datetime | None, now: datetime) -> datetime | None:
    return now + moment if isinstance(moment, timedelta) else moment


def settings_of(typed: list[str] | None) -> Body:
    """`--set seconds=5` as the kind's parameters."""
    pairs = [text.partition("=") for text in typed or ()]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise InvalidInput("{text} is not written as name=value.", text=name[:40], field="set")
    return {name.strip(): value.strip() for name, _, value in pairs}


def rule_body(rule: Body) -> Body:
    """One rule as scripts read it."""
    return {
        "id": rule["id"],
        "kind": rule["kind"],
        "operation": rule["operation"],
        "hotel": rule["hotel"],
        "rate": rule["rate"],
        "seed": rule["seed"],
        "times_left": None if rule["times"] < 0 else rule["times"],
        "from": _shown(rule["start_ms"]) if rule["start_ms"] else None,
        "to": _shown(rule["until_ms"]) if rule["until_ms"] < FOR_EVER_MS else None,
        "params": rule["params"],
        "seen": rule["seen"],
        "hits": rule["hits"],
    }


def _shown(at_ms: int) -> str:
    return instant(datetime.fromtimestamp(at_ms // 1000, UTC)) or ""
