"""What may be sent about rollbacks."""

from typing import Annotated

from pydantic import BaseModel, Field

from domain.errors import InvalidInput
from domain.rollback import RollbackScope
from integration.http.fields import Code, Instant, Line, Prose, body_config
from integration.usecases.rollback_scope import RollbackQuestion


class RollbackBody(BaseModel):
    """What to undo, exactly one of: a reservation (`last`: only its last write; `write`: only the one of this id or
    request key), one write, a run, what an actor did in the span `from` to `to`, a rollback; and why.
    """

    model_config = body_config(reservation_id="res_01KQ3Z6N5W8J4T2V0X9Y7B1C3D", reason="wrong week")

    reason: Prose
    reservation_id: Code | None = None
    last: bool = False
    write: Line | None = None
    batch: Code | None = None
    actor: Code | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None
    hotel: Code | None = None
    rollback_id: Code | None = None

    def question(self) -> RollbackQuestion:
        """As the use case takes it; InvalidInput unless exactly one thing is named."""
        named = [
            (scope, target)
            for scope, target in (
                (RollbackScope.RESERVATION, self.reservation_id),
                (RollbackScope.WRITE, self.write if self.reservation_id is None else None),
                (RollbackScope.BATCH, self.batch),
                (RollbackScope.ACTOR, self.actor),
                (RollbackScope.ROLLBACK, self.rollback_id),
            )
            if target is not None
        ]
        if len(named) != 1:
            raise InvalidInput(
                "Say what to undo: one of reservation_id, write, batch, actor and rollback_id.", field="reservation_id"
            )
        scope, target = named[0]
        return RollbackQuestion(
            scope,
            target,
            self.reason,
            last=self.last,
            write=self.write if self.reservation_id is not None else None,
            from_at=self.since,
            to_at=self.until,
            hotel_id=self.hotel.upper() if self.hotel else None,
        )
