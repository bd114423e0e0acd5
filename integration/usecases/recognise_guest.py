"""Recognise a guest: our own memory first, then the hotel's PMS, and what it knows of past stays.

A telephone number is strong evidence: one match is the guest, several are shown to choose from. What the PMS knows is
read when asked for; only who the person is (name, language, identities) is adopted into our own store.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.access import Actor, Permission
from domain.errors import InvalidInput, NotFound
from domain.guest import CallerCard, ChannelIdentity, GuestId, GuestProfile, IdentityKind, Stay
from domain.hotel import HotelTerms
from domain.reservation import ReservationState
from integration.errors import PmsError, PmsUnavailable
from integration.ports.pms import PmsProfile, ProfileSearch
from integration.ports.store import ReadTx, Tx
from integration.usecases import tracing
from integration.usecases.desk import Desk
from integration.usecases.name_spellings import Spelling, begins_alike, other_spellings
from integration.usecases.people import root_of
from integration.usecases.tracing import audit
from integration.usecases.typed_numbers import number_of

MAX_EMAIL = 254
_PAST = frozenset({ReservationState.CHECKED_OUT.value, ReservationState.IN_HOUSE.value})


@dataclass(frozen=True, slots=True)
class GuestQuestion:
    """Who is it? One of telephone (any spelling), e-mail or name."""

    phone: str | None = None
    email: str | None = None
    name: str | None = None
    limit: int = 20


def clean_email(typed: str) -> str:
    """Lower-case and checked for shape; InvalidInput (field `email`) otherwise."""
    text = typed.strip().lower()
    local, at, host = text.partition("@")
    if (
        not (local and at and "." in host.strip(".") and "@" not in host)
        or len(text) > MAX_EMAIL
        or not text.isprintable()
        or " " in text
    ):
        raise InvalidInput("{text} is not an e-mail address.", text=typed[:60], field="email")
    return text


async def recognise(desk: Desk, hotel: HotelTerms, actor: Actor, phone: str) -> CallerCard:
    """The caller's card for an E.164 number. A PMS that cannot be read leaves our own knowledge; somebody of whom we
    have only the number is nobody yet, and is looked for in the PMS."""
    met = await desk.store.read(lambda tx: _of_number(tx, phone))
    known = None if met is None or met.is_only_a_number else met
    try:
        if known is None:
            return await _from_pms(desk, hotel, actor, phone, met)
        return await card_of(desk, hotel, known)
    except PmsError:
        return CallerCard(known, is_pms_read=False)


def _of_number(tx: ReadTx, phone: str) -> GuestProfile | None:
    """Whose number it is: a file that is a number alone may be part of a person by now."""
    found = tx.find_guest(ChannelIdentity(IdentityKind.PHONE, phone))
    if found is None or not found.is_only_a_number:
        return found
    return tx.get_guest(root_of(tx, found.guest_id))


async def _from_pms(
    desk: Desk, hotel: HotelTerms, actor: Actor, phone: str, met: GuestProfile | None = None
) -> CallerCard:
    found = await desk.pms.find_profiles(hotel, ProfileSearch(phone=phone))
    alone = met.guest_id if met is not None and len(found) == 1 else None
    guests = [await adopt(desk, hotel, actor, profile, alone) for profile in found]
    if len(guests) == 1:
        return await card_of(desk, hotel, guests[0])
    return CallerCard(None, candidates=tuple(guests))


async def card_of(desk: Desk, hotel: HotelTerms, guest: GuestProfile) -> CallerCard:
    """What the hotel knows of a guest; only our own knowledge when he has no profile there."""
    number = guest.value_of(IdentityKind.PMS_PROFILE, hotel.hotel_id)
    profile = await desk.pms.read_profile(hotel, number) if number is not None else None
    if profile is None:
        return CallerCard(guest)
    stays = tuple(_in_our_words(hotel, stay) for stay in profile.stays)
    return CallerCard(
        guest,
        stays=stays,
        preferences=profile.preferences,
        notes=profile.notes,
        segment=profile.segment,
        is_repeat=any(stay.status in _PAST for stay in stays),
    )


def _in_our_words(hotel: HotelTerms, stay: Stay) -> Stay:
    """The dialect's status in ours; one that means nothing of its own to us is `reserved`."""
    state = hotel.pms.states.get(stay.status)
    return replace(stay, status=state.value if state not in {None, ReservationState.CONFIRMED} else "reserved")


async def adopt(
    desk: Desk, hotel: HotelTerms, actor: Actor, profile: PmsProfile, met: GuestId | None = None
) -> GuestProfile:
    """Take a PMS profile into our store; the guest it already belongs to is returned unchanged but for the new
    identity. `met`: a file of his number alone, which he now gives his name to."""
    identities = _identities(desk, hotel, profile)

    def work(tx: Tx) -> GuestProfile:
        known = tx.find_guest(identities[0])
        if known is not None:
            return known
        alone = tx.get_guest(met) if met is not None else None
        if alone is not None and alone.is_only_a_number:
            return _named(desk, tx, actor, alone, profile, identities)
        return add_guest(
            desk,
            tx,
            actor,
            GuestProfile(
                guest_id=GuestId(desk.ids.new("gst")),
                given_name=profile.given_name,
                surname=profile.surname,
                language=profile.language or "en",
                nationality=profile.nationality,
                identities=tuple(one for one in identities if tx.find_guest(one) is None),
                created_at=desk.clock.now(),
                is_vip=profile.is_vip,
            ),
            action="guest_adopted",
        )

    return await desk.store.transact(work)


def _named(
    desk: Desk, tx: Tx, actor: Actor, alone: GuestProfile, profile: PmsProfile, identities: Iterable[ChannelIdentity]
) -> GuestProfile:
    fresh = tuple(one for one in identities if tx.find_guest(one) is None)
    named = replace(
        alone,
        given_name=profile.given_name,
        surname=profile.surname,
        language=profile.language or alone.language,
        nationality=profile.nationality or alone.nationality,
        identities=(*alone.identities, *fresh),
        is_vip=profile.is_vip,
    )
    tx.put_guest(named, name_keys(desk, named))
    fields = ("given_name", "surname", "language", "nationality", *(one.kind.value for one in fresh))
    audit(
        tx, actor, desk.clock.now(), "guest_adopted", {"guest_id": named.guest_id}, fields=fields,
        digests=digests_of(tx, named),
    )  # fmt: skip
    return named


def _identities(desk: Desk, hotel: HotelTerms, profile: PmsProfile) -> tuple[ChannelIdentity, ...]:
    found = [ChannelIdentity(IdentityKind.PMS_PROFILE, profile.profile_id, hotel.hotel_id)]
    for typed in profile.phones:
        try:
            found.append(ChannelIdentity(IdentityKind.PHONE, desk.phones.normalise(typed, profile.nationality or "TR")))
        except InvalidInput:
            continue
    found += [ChannelIdentity(IdentityKind.EMAIL, one.strip().lower()) for one in profile.emails if "@" in one]
    return tuple(dict.fromkeys(found))


def name_keys(desk: Desk, guest: GuestProfile) -> frozenset[str]:
    """Keys a guest is found under: the whole name and the surname alone."""
    return desk.names.keys(guest.full_name) | desk.names.keys(guest.surname)


def is_same_name(desk: Desk, ours: GuestProfile, given_name: str, surname: str) -> bool:
    """Whether the surnames agree in some spelling, or the whole names do in any order."""
    if desk.names.keys(ours.surname) & desk.names.keys(surname):
        return True
    return bool(desk.names.keys(ours.full_name) & desk.names.keys(f"{given_name} {surname}"))


def add_guest(desk: Desk, tx: Tx, actor: Actor, guest: GuestProfile, *, action: str) -> GuestProfile:
    """Store a new guest with a digest key of his own and an audit row."""
    tx.put_guest(guest, name_keys(desk, guest))
    tx.add_subject_key(guest.guest_id, desk.ids.secret())
    audit(
        tx,
        actor,
        guest.created_at,
        action,
        {"guest_id": guest.guest_id},
        fields=("given_name", "surname", "language", "nationality", *(one.kind.value for one in guest.identities)),
        digests=digests_of(tx, guest),
    )
    return guest


def digests_of(tx: ReadTx, guest: GuestProfile) -> dict[str, str]:
    """Keyed digests of who the guest is."""
    values: dict[str, str | None] = {"name": guest.full_name}
    values |= {f"{one.kind.value}:{one.scope}": one.value for one in guest.identities}
    return tracing.digests_of(tx, guest.guest_id, values)


async def find_guests(desk: Desk, actor: Actor, hotel: HotelTerms, question: GuestQuestion) -> list[GuestProfile]:
    """Guests that match, ours and the PMS's, best first; empty for none. InvalidInput when nothing is asked.

    While the PMS is known to be down, those that we know by that name ourselves; PmsUnavailable when there is none.
    """
    actor.require(Permission.READ)
    if question.phone:
        number = await number_of(desk, question.phone)
        return await _find_by(desk, actor, hotel, ProfileSearch(phone=number, limit=question.limit))
    if question.email:
        return await _find_by(
            desk, actor, hotel, ProfileSearch(email=clean_email(question.email), limit=question.limit)
        )
    if question.name and question.name.strip():
        return await _find_by_name(desk, actor, hotel, question.name, question.limit)
    raise InvalidInput("Say a telephone number, an e-mail address or a name.", field="phone")


def _identity_of(search: ProfileSearch) -> ChannelIdentity | None:
    """What we would know him by ourselves."""
    if search.phone is not None:
        return ChannelIdentity(IdentityKind.PHONE, search.phone)
    return ChannelIdentity(IdentityKind.EMAIL, search.email) if search.email is not None else None


async def _find_by(desk: Desk, actor: Actor, hotel: HotelTerms, search: ProfileSearch) -> list[GuestProfile]:
    identity = _identity_of(search)
    if identity is not None:
        known = await desk.store.read(lambda tx: tx.find_guest(identity))
        if known is not None:
            return [known]
    found = await desk.pms.find_profiles(hotel, search)
    return [await adopt(desk, hotel, actor, profile) for profile in found]


async def _find_by_name(desk: Desk, actor: Actor, hotel: HotelTerms, name: str, limit: int) -> list[GuestProfile]:
    """Our own by their keys; the PMS's by the surname as typed and in the other ways a hotel may have written it."""
    given, surname = desk.names.split(name)
    keys = desk.names.keys(name)
    ours = await desk.store.read(lambda tx: tx.find_guests_by_name(keys, limit))
    searches = [
        ProfileSearch(surname=one.surname, given_name=one.given or None, limit=limit)
        for one in (Spelling(given, surname), *other_spellings(desk, given, surname))
    ]
    try:
        answers = await asyncio.gather(*(desk.pms.find_profiles(hotel, search) for search in searches))
    except PmsUnavailable as error:
        if not ours or error.down_since is None:
            raise
        return ours
    other = (one for answer in answers[1:] for one in answer if begins_alike(desk, one.surname, surname))
    profiles = {one.profile_id: one for one in (*answers[0], *other)}
    theirs = [await adopt(desk, hotel, actor, profile) for profile in list(profiles.values())[:limit]]
    fitting = [guest for guest in theirs if not given or keys & desk.names.keys(guest.full_name)]
    return list({guest.guest_id: guest for guest in (*ours, *fitting)}.values())[:limit]


async def show_guest(desk: Desk, actor: Actor, guest_id: str, hotel: HotelTerms) -> CallerCard:
    """One guest with what the hotel knows of him, or our own knowledge when its PMS cannot be read; NotFound."""
    actor.require(Permission.READ)
    guest = await desk.store.read(lambda tx: load_guest(tx, guest_id))
    try:
        return await card_of(desk, hotel, guest)
    except PmsError:
        return CallerCard(guest, is_pms_read=False)


def load_guest(tx: ReadTx, guest_id: str) -> GuestProfile:
    """The guest, or NotFound."""
    guest = tx.get_guest(GuestId(guest_id))
    if guest is None:
        raise NotFound("There is no guest {guest_id}.", guest_id=guest_id, field="guest")
    return guest
