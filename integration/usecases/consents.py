"""What a person allowed, and took back: one record each time, the newest counts.

Advertising is allowed by address and by way (call, message, e-mail), never bundled with anything else; taking it back
is as easy as giving it and counts at once. `source` says how it was given, in the words of the registry (by telephone
it is `HS_CAGRI_MERKEZI`), `evidence` where the proof lies. What is owed to the registry within three business days is
known from these records; sending it there is not done here.
"""

from dataclasses import dataclass

from domain.access import Actor, Permission
from domain.contact import Channel
from domain.errors import InvalidInput
from domain.guest import ChannelIdentity
from domain.outbound import ADDRESSES, CONSENT_OF, ConsentKind, ConsentState
from integration.ports.queue_records import Consent
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.people import files_of, identities_of
from integration.usecases.recognise_guest import load_guest
from integration.usecases.tracing import audit
from integration.usecases.views import instant

BY_TELEPHONE = "HS_CAGRI_MERKEZI"
SOURCES = frozenset(
    {
        BY_TELEPHONE, "HS_WEB", "HS_EPOSTA", "HS_MESAJ", "HS_MOBIL", "HS_SOSYAL_MEDYA", "HS_FIZIKSEL_ORTAM",
        "HS_ISLAK_IMZA", "HS_EORTAM", "HS_ETKINLIK", "HS_KARAR",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """Allow or take back advertisements by one channel."""

    via: Channel
    state: ConsentState
    source: str = BY_TELEPHONE
    evidence: str = ""


async def keep_consent(desk: Desk, actor: Actor, guest_id: str, wish: ConsentWish, key: str) -> Answer:
    """Keep what a guest said, for every address of that channel. InvalidInput without an address or a known source."""
    actor.require(Permission.SELL)
    kind = CONSENT_OF.get(wish.via)
    if wish.source not in SOURCES or kind is None:
        raise InvalidInput(
            "{source} is not a way in which a consent is given.",
            source=wish.source[:40],
            hint=", ".join(sorted(SOURCES)),
            field="source",
        )

    async def run(claim: Claim) -> Body:
        return await desk.store.transact(lambda tx: _keep(desk, tx, actor, guest_id, wish, kind, claim))

    async def rebuild(_kept: Kept) -> Body:
        return await desk.store.read(lambda tx: consents_body(tx, guest_id))

    command = {
        "guest_id": guest_id,
        "via": wish.via.value,
        "state": wish.state.value,
        "source": wish.source,
        "typed": sealed(key, wish.evidence),
    }
    hotel = next(iter(desk.hotels))
    return await once(desk, actor, hotel, key, verb="keep_consent", command=command, run=run, rebuild=rebuild)


def _keep(desk: Desk, tx: Tx, actor: Actor, guest_id: str, wish: ConsentWish, kind: ConsentKind, claim: Claim) -> Body:
    guest, now = load_guest(tx, guest_id), desk.clock.now()
    found = [one for one in identities_of(tx, files_of(tx, guest.guest_id)) if one.kind in ADDRESSES.get(wish.via, ())]
    if not found:
        raise InvalidInput("The guest has no address for {channel}.", channel=wish.via.value, field="via")
    for one in found:
        own = (one.kind, one.scope, one.value)
        tx.add_consent(Consent(*own, kind.value, now, wish.state.value, wish.source, actor.name, wish.evidence))
    ids = {"guest_id": guest.guest_id, "purpose": kind.value, "state": wish.state.value, "source": wish.source}
    audit(tx, actor, now, "consent_kept", ids)
    claim.settle(tx, guest.guest_id, now)
    return consents_body(tx, guest_id)


def consents_body(tx: ReadTx, guest_id: str) -> Body:
    """What a guest allows now, by way; the strictest of his addresses."""
    guest = load_guest(tx, guest_id)
    known = identities_of(tx, files_of(tx, guest.guest_id))
    return {"guest_id": guest.guest_id, "consents": [_row(tx, known, kind) for kind in ConsentKind]}


def _row(tx: ReadTx, known: tuple[ChannelIdentity, ...], kind: ConsentKind) -> Body:
    found = [one for one in (tx.consent(identity, kind.value) for identity in known) if one is not None]
    newest = max(found, key=lambda one: one.at, default=None)
    return {
        "purpose": kind.value,
        "state": newest.state if newest is not None else None,
        "source": newest.source if newest is not None else None,
        "at": instant(newest.at) if newest is not None else None,
    }
