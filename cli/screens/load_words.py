"""A load test's slugs in the reader's words: sections, checks, statuses, sentences of the verdict, parts of a latency.

Results are free of any language; what is not listed here (a check that somebody adds tomorrow) is shown by its slug.
"""

import re
from typing import Protocol

from cli.golive.lines import BY_SLUG
from cli.screens.reader import Reader
from cli.screens.seasons import CHANNELS, METRICS
from integration.usecases.marks import N_


class Says(Protocol):
    """Says a template in a language: a screen's reader, or a report's words."""

    @property
    def language(self) -> str:
        """`tr` or `en`."""
        ...

    def __call__(self, template: str, **params: object) -> str:
        """Say it."""
        ...


SECTIONS = {
    "load": N_("The load"),
    "integrity": N_("Nothing lost, nothing doubled"),
    "targets": N_("Targets"),
    "headroom": N_("Headroom"),
    "season": N_("The season, simulated"),
    "readiness": N_("Readiness"),
}
STATUSES = {
    "pass": (N_("passed"), "green"),
    "fail": (N_("failed"), "red"),
    "at_risk": (N_("at risk"), "yellow"),
    "invalid": (N_("invalid"), "red"),
    "skipped": (N_("not looked at"), "red"),
    "waived": (N_("waived"), "yellow"),
}
VERDICTS = {"PASS": "green", "FAIL": "red", "INVALID": "red"}
CHECKS = {
    "generator_whole": N_("All generator processes came to their end"),
    "run_whole": N_("The run was not broken off"),
    "planned_load": N_("Everything planned was begun and ended"),
    "user_pool": N_("A user was free for every contact"),
    "schedule_lag": N_("The generator kept its schedule"),
    "generator_cpu": N_("The generator had processor time to spare"),
    "answers_right": N_("Answers said what is true"),
    "availability_p95": N_("Availability, p95"),
    "booking_p95": N_("Booking, p95"),
    "webhook_p99": N_("Webhook, p99"),
    "error_rate": N_("Errors outside faults"),
    "breakdowns_played": N_("Every planned breakdown was played"),
    "faults_played": N_("Every planned fault of the PMS was played"),
    "acknowledged_once": N_("Every acknowledged reservation is in the PMS once"),
    "as_acknowledged": N_("Reservations stand as they were acknowledged"),
    "pms_records_known": N_("Every record of the PMS is a reservation of ours"),
    "our_records_known": N_("Every reservation of ours was asked for"),
    "books_agree": N_("Our store and the PMS agree"),
    "refused_left_nothing": N_("What was refused left nothing"),
    "no_night_oversold": N_("No night sold below zero"),
    "holds_used_or_released": N_("Every hold used or given back"),
    "writes_settled": N_("Every write has its end"),
    "payments_agree": N_("Every payment is there once"),
    "prices_as_quoted": N_("Prices as they were quoted"),
    "in_pms_before_call_end": N_("In the PMS before the call ended"),
    "messages_in_one_case": N_("Every message in one case, once"),
    "no_message_without_case": N_("No message without a case"),
    "calls_and_cases_kept": N_("Calls, cases and messages are kept"),
    "audit_chain_whole": N_("The audit chain is whole"),
    "headroom": N_("Multiple of the real peak that is borne"),
}
KINDS = {
    "down": N_("PMS down"),
    "slow": N_("PMS slow"),
    "status": N_("PMS refuses"),
    "lost_answer": N_("Answers lost"),
    "5xx_after_commit": N_("Errors after the commit"),
    "service_killed": N_("Service killed"),
    "database_restarted": N_("Database restarted"),
    "pms_restarted": N_("PMS restarted"),
}
GROUPS = {
    "availability": N_("Availability"),
    "booking": N_("Booking"),
    "webhook": N_("Webhook"),
    "other": N_("Everything else"),
}
PARTS = {
    "generator": N_("the generator"),
    "wire": N_("the way there and back"),
    "queue": N_("waiting in the service"),
    "service": N_("the service itself"),
    "store": N_("the store"),
    "pms": N_("the PMS"),
    "injected": N_("delay put in on purpose"),
}
WINDOWS = {
    "whole": N_("whole run"),
    "outside": N_("outside faults"),
    "busiest": N_("busiest stretch"),
}
WHY = {
    "passed": N_("The load was delivered, every record is right and all targets are met."),
    "passed_at_risk": N_("Nothing is missed, but this is not certain: {checks}."),
    "failed": N_("Missed: {checks}."),
    "at_risk_strict": N_("Not certain, which --strict does not let pass: {checks}."),
    "invalid": N_("The load was not delivered as planned, so the figures say nothing about the service: {checks}."),
    "unproven": N_("Not everything could be looked at: {checks}."),
    "broken_off": N_("The run was broken off, so it proves nothing."),
    "closed_load": N_(
        "Closed load: {users} users who wait for their answers. A service that stops slows them down, and its worst"
        " latencies are not seen."
    ),
    "mostly": N_("{group}: {share} of the latency about the 95th percentile is {part}."),
    "mostly_pms": N_(
        "{group}: {share} of the latency about the 95th percentile is the PMS; {injected} is what its stand-in was told"
        " to wait."
    ),
}
THINGS = {
    "messages": N_("messages"),
    "nights": N_("nights"),
    "prices": N_("prices"),
    "records": N_("records"),
    "refusals": N_("refusals"),
    "reservations": N_("reservations"),
    "rows": N_("rows"),
    "writes": N_("writes"),
}
_MEASURED = (
    (re.compile(r"(?P<wrong>\d+) wrong of (?P<n>\d+) (?P<what>[a-z]+)"), N_("{wrong} wrong of {n} {what}")),
    (re.compile(r"(?P<share>[\d.]+) % of (?P<n>\d+) (?P<what>[a-z]+)"), N_("{share} % of {n} {what}")),
)
_RECOVERY = re.compile(r"recovery_(\d+)_(\w+)")
_BUSIEST = "_busiest"


def check_name(slug: str, t: Says) -> str:
    """A check in words; its slug when it is not known."""
    found = _RECOVERY.fullmatch(slug)
    if found:
        return t(N_("Recovery {n}: {what}"), n=found[1], what=kind_name(found[2], t))
    if slug.endswith(_BUSIEST) and slug.removesuffix(_BUSIEST) in CHECKS:
        return t(N_("{what}, busiest stretch"), what=t(CHECKS[slug.removesuffix(_BUSIEST)]))
    if slug in BY_SLUG:
        return BY_SLUG[slug].text(t.language)
    metric, _, channel = slug.partition(".")
    if metric in METRICS:
        return t(METRICS[metric]) + (f": {t(CHANNELS[channel])}" if channel in CHANNELS else "")
    return t(CHECKS[slug]) if slug in CHECKS else slug


def measured_words(measured: str, t: Says) -> str:
    """What a check of the audit has counted, in words; anything else as it is, or as the catalogue has it."""
    for pattern, template in _MEASURED:
        found = pattern.fullmatch(measured)
        if found and found["what"] in THINGS:
            return t(template, **(found.groupdict() | {"what": t(THINGS[found["what"]])}))
    return t(measured)


def kind_name(kind: str, t: Says) -> str:
    """What was broken."""
    return t(KINDS[kind]) if kind in KINDS else kind


def window_name(window: str, t: Says) -> str:
    """A stretch of the run."""
    number = window.removeprefix("fault_")
    if number != window:
        return t(N_("fault {n}"), n=number)
    return t(WINDOWS[window]) if window in WINDOWS else window


def sentence(slug: str, params: dict[str, str], t: Reader) -> str:
    """A note of a result, its checks by name."""
    told: dict[str, object] = dict(params)
    if "checks" in params:
        told["checks"] = ", ".join(check_name(one, t) for one in params["checks"].split(", ") if one)
    if "part" in params:
        told["group"] = t(GROUPS[params["group"]])
        told["part"] = t(PARTS[params["part"]])
        told["share"], told["injected"] = (_share(float(params[one]), t) for one in ("share", "injected"))
    return t(WHY[slug], **told) if slug in WHY else slug


def _share(value: float, t: Reader) -> str:
    return f"%{value * 100:.0f}" if t.language == "tr" else f"{value * 100:.0f}%"
