"""Create and update guests, here and in the hotel's PMS.

A guest exists in our store first and gets a PMS profile when a hotel needs one: before the first reservation there, or
when created by hand. A profile of the PMS with the same telephone or e-mail and a name that agrees is adopted rather
than doubled; the same number with another name is another person (a family shares a telephone). A correction goes to
the PMS first: that write replaces and may be repeated, so a failure leaves nothing half done here.
"""

import contextlib
from dataclasses import dataclass, replace

from domain.access import Actor, Permission
from domain.errors import DomainError, InvalidInput
from domain.guest import NAMELESS, ChannelIdentity, GuestId, GuestProfile, IdentityKind
from domain.hotel import HotelTerms
from integration.errors import PmsProtocolError, PmsRejected, PmsUnavailable
from integration.ports.pms import ProfileDraft, ProfileSearch
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.call_case import call_in_hand
from integration.usecases.caller_file import tie_guest
from integration.usecases.desk import Desk
from integration.usecases.once import UNCLAIMED, Claim
from integration.usecases.one_write import Write
from integration.usecases.recognise_guest import (
    add_guest,
    clean_email,
    digests_of,
    is_same_name,
    load_guest,
    name_keys,
)
from integration.usecases.steps import rejected
from integration.usecases.tracing import audit
from integration.usecases.writing import carry_out

MAX_NAME = 80
MAX_NOTE = 2000


@dataclass(frozen=True, slots=True)
class GuestCard:
    """What an agent types about a guest; None = not said."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None
    nationality: str | None = None


def clean_note(text: str) -> str:
    """A note of 1 to 2,000 characters; InvalidInput otherwise."""
    cleaned = text.strip()
    if not 1 <= len(cleaned) <= MAX_NOTE:
        raise InvalidInput("A note has 1 to {most} characters.", most=MAX_NOTE, field="text")
    return cleaned


def profile_of(desk: Desk, card: GuestCard) -> GuestProfile:
    """A new guest from a card; InvalidInput for a missing name or no way to reach him."""
    given, surname = desk.names.split((card.name or "").strip()[: MAX_NAME + 1])
    if len(card.name or "") > MAX_NAME:
        raise InvalidInput("A name has at most {most} characters.", most=MAX_NAME, field="name")
    phone = desk.phones.normalise(card.phone, card.nationality or "TR") if card.phone else None
    identities = [ChannelIdentity(IdentityKind.PHONE, phone)] if phone else []
    if card.email:
        identities.append(ChannelIdentity(IdentityKind.EMAIL, clean_email(card.email)))
    if not identities:
        raise InvalidInput("A guest needs a telephone number or an e-mail address.", field="phone")
    region = desk.phones.region(phone) if phone else ""
    return GuestProfile(
        guest_id=GuestId(desk.ids.new("gst")),
        given_name=given,
        surname=surname,
        language=_language(card.language) or {"TR": "tr", "DE": "de", "RU": "ru"}.get(region, "en"),
        nationality=(card.nationality or region).upper(),
        identities=tuple(identities),
        created_at=desk.clock.now(),
    )


def _language(typed: str | None) -> str:
    text = (typed or "").strip().lower()
    if text and not (len(text) == 2 and text.isalpha() and text.isascii()):  # noqa: PLR2004 - ISO 639-1
        raise InvalidInput("{text} is not a language such as tr or de.", text=text[:20], field="language")
    return text


def take_guest(desk: Desk, tx: Tx, actor: Actor, fresh: GuestProfile) -> GuestProfile:
    """The guest we know by one of these identities and a name that agrees, else the fresh one, stored."""
    for identity in fresh.identities:
        known = tx.find_guest(identity)
        if known is not None and is_same_name(desk, fresh, known.given_name, known.surname):
            return known
        if known is not None and _is_only_met(known):
            named = replace(known, given_name=fresh.given_name, surname=fresh.surname)
            tx.put_guest(named, name_keys(desk, named))
            return named
    unowned = tuple(one for one in fresh.identities if tx.find_guest(one) is None)
    return add_guest(desk, tx, actor, replace(fresh, identities=unowned), action="guest_created")


def _is_only_met(guest: GuestProfile) -> bool:
    """Whether we know him by a channel alone: his name is what he calls himself there, if that."""
    kinds = {one.kind for one in guest.identities}
    if IdentityKind.PMS_PROFILE in kinds:
        return False
    return guest.surname == NAMELESS or bool(kinds & {IdentityKind.WHATSAPP_USER, IdentityKind.INSTAGRAM_USER})


async def create_guest(
    desk: Desk, actor: Actor, hotel: HotelTerms, card: GuestCard, claim: Claim = UNCLAIMED
) -> GuestProfile:
    """Create (or find again) a guest here and in the PMS of `hotel`.

    A PMS that does not answer leaves the guest without a profile there; the first reservation makes it.
    """
    actor.require(Permission.SELL)
    fresh = profile_of(desk, card)

    def work(tx: Tx) -> GuestProfile:
        taken = load_guest(tx, claim.guest_id) if claim.guest_id else take_guest(desk, tx, actor, fresh)
        call = call_in_hand(tx, actor.name, hotel.hotel_id, fresh)
        tie_guest(desk, tx, actor, call, taken.guest_id)
        claim.remember_guest(tx, taken.guest_id)
        return taken

    guest = await desk.store.transact(work)
    with contextlib.suppress(PmsUnavailable, PmsProtocolError):
        guest, _ = await ensure_profile(desk, hotel, actor, guest, card)
    await claim.settle_now(guest.guest_id, desk.clock.now())
    return guest


async def ensure_profile(
    desk: Desk, hotel: HotelTerms, actor: Actor, guest: GuestProfile, card: GuestCard | None = None
) -> tuple[GuestProfile, str]:
    """The guest and his profile number at this hotel: known, adopted, or created. At most two PMS calls."""
    known = guest.value_of(IdentityKind.PMS_PROFILE, hotel.hotel_id)
    if known is not None:
        return guest, known
    number = await _profile_in_pms(desk, hotel, guest, card)
    if number is None:
        steps = CreateProfileSteps(desk, hotel, actor, guest, card)
        key = f"profile:{hotel.hotel_id}:{guest.guest_id}"
        write = Write(
            IntentKind.CREATE_PROFILE, hotel, actor, key, {"guest_id": guest.guest_id}, steps, guest_id=guest.guest_id
        )
        number = str((await carry_out(desk, write)).body["profile_id"])
    found = number
    return await desk.store.transact(lambda tx: _know_as(desk, tx, guest.guest_id, hotel, found)), found


async def _profile_in_pms(desk: Desk, hotel: HotelTerms, guest: GuestProfile, card: GuestCard | None) -> str | None:
    draft = draft_of(guest, card)
    search = ProfileSearch(phone=draft.phone) if draft.phone else ProfileSearch(email=draft.email)
    found = await desk.pms.find_profiles(hotel, search)
    return next((one.profile_id for one in found if is_same_name(desk, guest, one.given_name, one.surname)), None)


def _know_as(desk: Desk, tx: Tx, guest_id: GuestId, hotel: HotelTerms, number: str) -> GuestProfile:
    guest = load_guest(tx, guest_id)
    after = guest.known_as(ChannelIdentity(IdentityKind.PMS_PROFILE, number, hotel.hotel_id))
    if after is not guest:
        tx.put_guest(after, name_keys(desk, after))
    return after


def draft_of(guest: GuestProfile, card: GuestCard | None = None, reference: str = "") -> ProfileDraft:
    """What goes to the PMS. A shared number that belongs to another guest here is still the caller's number there."""
    return ProfileDraft(
        given_name=guest.given_name,
        surname=guest.surname,
        language=guest.language,
        nationality=guest.nationality,
        phone=guest.value_of(IdentityKind.PHONE) or (card.phone if card else None),
        email=guest.value_of(IdentityKind.EMAIL) or (card.email if card else None),
        reference=reference,
    )


@dataclass
class CreateProfileSteps:
    """Create a profile; evidence: search by our reference."""

    desk: Desk
    hotel: HotelTerms
    actor: Actor
    guest: GuestProfile
    card: GuestCard | None

    async def prepare(self, intent: Intent) -> None:
        """Nothing to read."""

    async def send(self, intent: Intent) -> str:
        """Write the profile."""
        return await self.desk.pms.create_profile(self.hotel, draft_of(self.guest, self.card, intent.external_ref))

    async def seek(self, intent: Intent) -> str | None:
        """By reference, then by telephone or e-mail."""
        found = await self.desk.pms.find_profiles(self.hotel, ProfileSearch(reference=intent.external_ref))
        if found:
            return found[0].profile_id
        return await _profile_in_pms(self.desk, self.hotel, self.guest, self.card)

    async def verify(self, intent: Intent, proof: str) -> None:
        """Nothing to read back."""

    def check(self, tx: ReadTx) -> None:
        """Nothing forbids it."""

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Audit; the identity is stored by the caller."""
        audit(
            tx,
            self.actor,
            self.desk.clock.now(),
            "profile_created",
            {"hotel_id": self.hotel.hotel_id, "guest_id": self.guest.guest_id, "profile_id": proof},
            digests=digests_of(tx, self.guest),
        )
        return {"profile_id": proof}

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """The number is kept in the intent."""
        return {"profile_id": intent.pms_ref}

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Keep the PMS's code."""
        return rejected(error)


async def update_guest(
    desk: Desk, actor: Actor, hotel: HotelTerms, guest_id: str, card: GuestCard, claim: Claim = UNCLAIMED
) -> GuestProfile:
    """Change what the card says, in the PMS profile when there is one, then here."""
    actor.require(Permission.SELL)
    draft = await desk.store.read(lambda tx: _corrected(desk, tx, guest_id, card))
    number = draft.value_of(IdentityKind.PMS_PROFILE, hotel.hotel_id)
    if number is not None:
        await desk.pms.update_profile(hotel, number, draft_of(draft), None)
    now = desk.clock.now()

    def work(tx: Tx) -> GuestProfile:
        after = _corrected(desk, tx, guest_id, card)
        tx.put_guest(after, name_keys(desk, after))
        fields = tuple(name for name in ("name", "phone", "email", "language", "nationality") if getattr(card, name))
        audit(
            tx, actor, now, "guest_updated", {"guest_id": after.guest_id}, fields=fields, digests=digests_of(tx, after)
        )
        claim.settle(tx, after.guest_id, now)
        return after

    return await desk.store.transact(work)


def _corrected(desk: Desk, tx: ReadTx, guest_id: str, card: GuestCard) -> GuestProfile:
    """The guest as the card wants him; InvalidInput for what cannot be meant or is another guest's, NotFound."""
    after = updated(desk, load_guest(tx, guest_id), card)
    for one in after.identities:
        owner = tx.find_guest(one)
        if owner is not None and owner.guest_id != after.guest_id:
            raise InvalidInput("This {kind} belongs to another guest.", kind=one.kind.value, field=one.kind.value)
    return after


def updated(desk: Desk, guest: GuestProfile, card: GuestCard) -> GuestProfile:
    """The guest with what the card says; InvalidInput for what cannot be meant."""
    given, surname = desk.names.split(card.name.strip()) if card.name else (guest.given_name, guest.surname)
    after = replace(
        guest,
        given_name=given,
        surname=surname,
        language=_language(card.language) or guest.language,
        nationality=(card.nationality or guest.nationality).upper(),
    )
    if card.phone:
        number = desk.phones.normalise(card.phone, after.nationality or "TR")
        after = after.known_as(ChannelIdentity(IdentityKind.PHONE, number))
    if card.email:
        after = after.known_as(ChannelIdentity(IdentityKind.EMAIL, clean_email(card.email)))
    return after
