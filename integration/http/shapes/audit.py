"""Shapes of a verification of the audit."""

from integration.http.shapes.kinds import Instant, Shape


class AuditFinding(Shape):
    """One thing that is wrong; `seq`: the row, or 0 for head and checkpoints."""

    seq: int
    fault: str


class AuditCheckpoints(Shape):
    """Checkpoints outside the database; `behind`: rows that none covers yet."""

    count: int
    last: int
    behind: int


class AuditRestored(Shape):
    """A backup was restored that ended at row `seq`; so many rows after it are lost."""

    seq: int
    at: Instant
    lost: int


class AuditProof(Shape):
    """`whole` or `tampered`, and the first bad row. Rows up to `sealed_at_upgrade` are older than the chain."""

    status: str
    rows: int
    head: int
    sealed_at_upgrade: int
    first_bad: int | None
    findings: list[AuditFinding]
    checkpoints: AuditCheckpoints
    restores: list[AuditRestored]
