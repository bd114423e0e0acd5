"""After a restore, for the command: the store held against the PMS, a check a hotel, and the exit code that says it.

The restore itself stands whatever comes of it: what differs is mended by another command, and a PMS that does not
answer only leaves the store unproven.
"""

from cli.context import Body, Session
from cli.exit_codes import ExitCode
from domain.errors import DomainError
from integration.errors import ServiceError
from integration.usecases.marks import N_
from integration.usecases.prove_restore import Proof, prove_restore

DIFFERS = N_("{found} records differ; `santral reservation reconcile --hotel {hotel} --repair` mends it: the PMS wins.")
UNPROVEN = N_("Restored, but not held against the PMS ({code}); `santral reservation reconcile --hotel {hotel}` does.")
CLOSED = N_("Restored, but not held against the PMS: {why}")


def proved(session: Session, body: Body) -> tuple[Body, ExitCode]:
    """The restore's body with a check for every hotel, and how the command ends: 0, 7 differs, 5 not proven."""
    try:
        proofs = session.run(prove_restore)
    except (ServiceError, DomainError) as error:
        why = session.reader(error.template, **dict(error.params))
        checks = [_check("reconcile", "unproven", session.reader(CLOSED, why=why))]
        return _with(body, checks, "unproven"), ExitCode.UNAVAILABLE
    checks = [_of(session, one) for one in proofs]
    statuses = {one["status"] for one in checks}
    if "failed" in statuses:
        return _with(body, checks, "failed"), ExitCode.THRESHOLD
    if "unproven" in statuses:
        return _with(body, checks, "unproven"), ExitCode.UNAVAILABLE
    return _with(body, checks, body["status"]), ExitCode.DONE


def _with(body: Body, checks: list[Body], status: str) -> Body:
    return {**body, "status": status, "checks": [*body["checks"], *checks]}


def _check(name: str, status: str, hint: str) -> Body:
    return {"name": name, "status": status, "hint": hint}


def _of(session: Session, proof: Proof) -> Body:
    name = f"reconcile {proof.hotel_id}"
    if proof.comparison is None:
        return _check(name, "unproven", session.reader(UNPROVEN, code=proof.error, hotel=proof.hotel_id))
    found = proof.comparison.counts.get("found", 0)
    if found:
        return _check(name, "failed", session.reader(DIFFERS, found=found, hotel=proof.hotel_id))
    return _check(name, "ok", "")
