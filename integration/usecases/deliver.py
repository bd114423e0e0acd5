"""Queue a message and try to send it at once: what every "write to the guest" has in common.

The row is written under the caller's key, in one transaction with the key's own record; then it is sent straight away,
so that the agent sees what became of it. What could not leave stays queued, and the service's outbox goes on. A refusal
by the provider is a refusal; an outcome nobody knows is exit 6 (504), and repeating the key never sends again.
"""

from collections.abc import Awaitable, Callable, Mapping

from domain.access import Actor
from domain.errors import Refused
from domain.outbound import BY_ITSELF, Purpose
from integration.errors import OutcomePending, OutcomeUnknown
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.check_payment import check_payment
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from integration.usecases.once import Claim, Kept, once
from integration.usecases.payment_links import link_key
from integration.usecases.queue_message import OUTBOX, Draft, put
from integration.usecases.send_out import send_one
from integration.usecases.sending_view import outgoing_body

Prepare = Callable[[Tx], Draft]


async def deliver_once(
    desk: Desk, actor: Actor, hotel_id: str, key: str, *, verb: str, command: Mapping[str, object], prepare: Prepare
) -> Answer:
    """Write to a guest once for the key. `prepare` makes the message, in the transaction that queues it."""

    async def run(claim: Claim) -> Body:
        def work(tx: Tx) -> Outgoing:
            draft = prepare(tx)
            if desk.carriers.of(draft.hotel_id, draft.channel) is None:
                raise Refused("{hotel} has no way out on {channel}.", hotel=hotel_id, channel=draft.channel.value)
            row = put(desk, tx, actor, draft)
            claim.settle(tx, row.outbox_id, row.created_at)
            return row

        row = await desk.store.transact(work)
        desk.point("outgoing_queued")
        return {"outbox_id": row.outbox_id}

    return await sent_once(desk, actor, hotel_id, key, verb=verb, command=command, run=run)


async def sent_once(
    desk: Desk,
    actor: Actor,
    hotel_id: str,
    key: str,
    *,
    verb: str,
    command: Mapping[str, object],
    run: Callable[[Claim], Awaitable[Body]],
) -> Answer:
    """The same for a `run` that queues by itself and gives `outbox_id`."""

    async def rebuild(kept: Kept) -> Body:
        return {"outbox_id": kept.subject}

    answer = await once(desk, actor, hotel_id, key, verb=verb, command=command, run=run, rebuild=rebuild)
    outbox_id = str(answer.body["outbox_id"])
    row = await send_one(desk, outbox_id, check_payment)
    if row.purpose == Purpose.PAYMENT_REQUEST and row.state is OutgoingState.ACCEPTED:
        await _send_link(desk, row)
    return Answer(_said(row, actor, replayed=answer.replayed), answer.replayed)


async def _send_link(desk: Desk, request: Outgoing) -> None:
    """The message with the link goes out at once too; what becomes of it is its own row's story."""
    own = (request.hotel_id, OUTBOX.name, link_key(request))
    row = await desk.store.read(lambda tx: tx.outgoing_of_key(*own))
    if row is not None:
        await send_one(desk, row.outbox_id, check_payment)


def _said(row: Outgoing, actor: Actor, *, replayed: bool) -> Body:
    if row.state is OutgoingState.FAILED:
        hint = "" if row.purpose in BY_ITSELF else N_("A task is on the board.")
        raise Refused("The message was not taken ({problem}).", problem=row.problem or "-", hint=hint)
    if row.state is OutgoingState.UNKNOWN:
        kind = OutcomePending if replayed else OutcomeUnknown
        raise kind(
            "The provider has not said whether it took the message; it is being looked up.",
            hint="Do not send it again: `santral case show` tells when it is known.",
        )
    return outgoing_body(row, actor)
