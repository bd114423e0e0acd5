"""Does the audit's chain hold?"""

from fastapi import APIRouter, Request, Response

from integration.http.describe import operation
from integration.http.shapes.audit import AuditProof
from integration.http.visit import enter, reply
from integration.usecases.verify_audit import report_body, verify_audit

router = APIRouter()


@router.get("/v1/audit/verify", **operation("verifyAudit", "Verify the audit", AuditProof))
async def audit_verify(request: Request) -> Response:
    """Walk the whole chain and hold it against head and checkpoints; for supervisors. Long audits take seconds."""
    visit = await enter(request)
    return reply(report_body(await verify_audit(visit.desk, visit.actor)))
