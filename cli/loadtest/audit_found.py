"""What a check of the audit has found, as a line of the verdict and as a part of `audit.json`."""

from collections.abc import Iterable
from dataclasses import dataclass

from integration.usecases.marks import N_
from loadtests.checks import Check, Section
from loadtests.words import CheckStatus

SHOWN = 5
FILE = "audit.json"
NO_PMS = "The PMS's own records cannot be read here, so nobody can say."


@dataclass(frozen=True, slots=True)
class Found:
    """One check. `looked_at`: how many things it was held against, `of`: what these are; `findings`: what breaks it,
    each beginning with an id and the same at each reading; `measured`: said instead of their number."""

    name: str
    of: str
    looked_at: int
    findings: tuple[str, ...] = ()
    is_skipped: bool = False
    measured: str = ""

    @property
    def status(self) -> CheckStatus:
        """How it stands."""
        if self.is_skipped:
            return CheckStatus.SKIPPED
        return CheckStatus.FAIL if self.findings else CheckStatus.PASS

    def as_check(self) -> Check:
        """The line of the verdict; the evidence names the first few and the file that has them all."""
        if self.is_skipped:
            return Check(Section.INTEGRITY, self.name, self.target, "not looked at", self.status, NO_PMS)
        wrong = len({text.partition(":")[0] for text in self.findings})
        measured = self.measured or f"{wrong} wrong of {self.looked_at} {self.of}"
        left = len(self.findings) - SHOWN
        more = f"; {left} more in {FILE}" if left > 0 else ""
        evidence = "; ".join(self.findings[:SHOWN]) + more
        return Check(Section.INTEGRITY, self.name, self.target, measured, self.status, evidence)

    @property
    def target(self) -> str:
        """What is asked."""
        return _TARGETS[self.name]

    def body(self) -> dict[str, object]:
        """The whole of it."""
        return {
            "name": self.name, "status": self.status.value, "target": self.target, "looked_at": self.looked_at,
            "of": self.of, "findings": list(self.findings),
        }  # fmt: skip


def found(name: str, of: str, looked_at: int, findings: Iterable[str]) -> Found:
    """A check that was made."""
    return Found(name, of, looked_at, tuple(findings))


def skipped(name: str, of: str) -> Found:
    """A check that needs the PMS's records."""
    return Found(name, of, 0, is_skipped=True)


def all_skipped() -> list[Check]:
    """Every line of the audit, none of them looked at: for a target whose books are not ours to read."""
    return [skipped(name, "").as_check() for name in _TARGETS]


_TARGETS = {
    "acknowledged_once": N_("each acknowledged reservation is in the PMS once"),
    "as_acknowledged": N_("each reservation is as it was last acknowledged"),
    "our_records_known": N_("every reservation of ours was asked for by the load"),
    "pms_records_known": N_("every record of the PMS is a reservation of ours, none twice"),
    "books_agree": N_("our store and the PMS agree"),
    "refused_left_nothing": N_("what was refused left nothing"),
    "no_night_oversold": N_("no night sold below zero"),
    "holds_used_or_released": N_("every hold is used or given back"),
    "writes_settled": N_("every write has its end"),
    "payments_agree": N_("every payment is there once, sums agree"),
    "prices_as_quoted": N_("every price is the one that was quoted"),
    "in_pms_before_call_end": N_("100 %"),
    "messages_in_one_case": N_("each acknowledged message is in one case, once"),
    "no_message_without_case": N_("no message without a case"),
    "calls_and_cases_kept": N_("each acknowledged call, case and message of ours is there"),
    "audit_chain_whole": N_("the chain verifies"),
}
