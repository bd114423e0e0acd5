"""Correct contents, latencies and errors against the scenario's targets, recoveries, headroom.

A target is met when the whole interval of its percentile lies within it, missed when the whole interval lies beyond,
and at risk between; too few requests have no upper end, so they can miss a target but never meet it. Latencies and
errors are judged outside faults, where the target was meant to hold; after a fault the recovery is judged.
"""

from collections.abc import Iterator
from math import inf

from loadtests.checks import Check, Section
from loadtests.limits import limits_for
from loadtests.samples import Samples
from loadtests.statistics import Percentile, error_share, failed, least_n, percentile
from loadtests.stretches import Stretches
from loadtests.windows import Recovery
from loadtests.words import CheckStatus
from scenarios.schema.season import Scenario

WRONG = "wrong_"
SMALL_MS = 10
UNANSWERED = "∞"


def integrity_check(samples: Samples) -> Check:
    """No answer said anything wrong, in faults or outside."""
    bad = [one for one in samples.problem.tolist() if one.startswith(WRONG)]
    kinds = ", ".join(f"{one}={bad.count(one)}" for one in sorted(set(bad)))
    status = CheckStatus.SKIPPED if not len(samples) else CheckStatus.FAIL if bad else CheckStatus.PASS
    return Check(Section.INTEGRITY, "answers_right", "0", f"{len(bad)}", status,
                 kinds or f"answers={int((~failed(samples)).sum())}")  # fmt: skip


def target_checks(samples: Samples, cut: Stretches, scenario: Scenario) -> Iterator[Check]:
    """Per group outside faults and in the busiest stretch, errors, then each recovery."""
    for group, (q, limit) in limits_for(scenario).items():
        mask = cut.columns.group == group.value
        yield _latency(f"{group.value}_p{q * 100:.0f}", percentile(cut.columns.ms[mask & cut.masks["outside"]], q),
                       limit, "outside" if cut.recoveries else "whole")  # fmt: skip
        busy = percentile(cut.columns.ms[mask & cut.masks["busiest"]], q)
        if busy.n >= least_n(q):
            yield _latency(f"{group.value}_p{q * 100:.0f}_busiest", busy, limit, "busiest")
    yield _errors(samples.where(cut.masks["outside"]), scenario.targets.load.error_rate)
    for place, one in enumerate(cut.recoveries, 1):
        yield recovery_check(place, one, cut.recovery_s)


def _latency(name: str, found: Percentile, limit: float, window: str) -> Check:
    target = f"<= {limit:g} ms"
    if not found.n:
        return Check(Section.TARGETS, name, target, "-", CheckStatus.SKIPPED, "n=0")
    few = f" (<{least_n(found.q)})" if found.n < least_n(found.q) else ""
    measured = f"{_ms(found.ms)} ms ({_ms(found.low)} - {_ms(found.high) if not few else '?'})"
    low, high = found.ends
    return Check(
        Section.TARGETS, name, target, measured, _status(low, high, limit), f"n={found.n}{few} window={window}"
    )


def _errors(samples: Samples, limit: float) -> Check:
    found = error_share(samples)
    target = f"<= {limit * 100:g} %"
    if found.value is None or found.low is None or found.high is None:
        return Check(Section.TARGETS, "error_rate", target, "-", CheckStatus.SKIPPED, "n=0")
    measured = f"{found.value * 100:.2f} % ({found.low * 100:.2f} - {found.high * 100:.2f})"
    status = _status(found.low, found.high, limit)
    return Check(Section.TARGETS, "error_rate", target, measured, status, f"errors={found.hits} n={found.n}")


def _status(low: float, high: float, limit: float) -> CheckStatus:
    if low > limit:
        return CheckStatus.FAIL
    return CheckStatus.PASS if high <= limit else CheckStatus.AT_RISK


def recovery_check(place: int, one: Recovery, most_s: float) -> Check:
    """Not seen to recover: missed when one looked long enough, skipped when no request came, else at risk."""
    name, target = f"recovery_{place}_{one.kind}", f"<= {most_s:g} s"
    evidence = f"began={one.began_s:.1f}s watched={one.watched_s:.1f}s n={one.n}"
    if one.took_s is not None:
        status = CheckStatus.PASS if one.took_s <= most_s else CheckStatus.FAIL
        return Check(Section.TARGETS, name, target, f"{one.took_s:.1f} s", status, evidence)
    if one.ended_s is None or not one.n:
        return Check(Section.TARGETS, name, target, "-", CheckStatus.SKIPPED, evidence)
    status = CheckStatus.FAIL if one.watched_s > most_s else CheckStatus.AT_RISK
    return Check(Section.TARGETS, name, target, f"> {one.watched_s:.1f} s", status, evidence)


def headroom_check(multiple: float | None, least: float, evidence: str = "", *, is_certain: bool = True) -> Check:
    """The highest multiple of the real peak that met all targets, against the one asked for; None: even the lowest
    tried did not. Not `is_certain`: a target was at risk there, so the headroom is too."""
    if multiple is None or multiple < least:
        status = CheckStatus.FAIL
    else:
        status = CheckStatus.PASS if is_certain else CheckStatus.AT_RISK
    measured = "-" if multiple is None else f"{multiple:.1f} x"
    return Check(Section.HEADROOM, "headroom", f">= {least:g} x", measured, status, evidence)


def _ms(value: float | None) -> str:
    if value is None or value == inf:
        return UNANSWERED
    return f"{value:.0f}" if value >= SMALL_MS else f"{value:.1f}"
