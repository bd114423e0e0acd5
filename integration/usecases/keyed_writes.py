"""Calls, notes and guests under a request key: the same key with the same command is done once, its answer said again.

Each function is its use case plus what `once` has to know: the hotel the key counts in, the command in ids, codes and
digests (never what was typed about a person), and how the answer is said again. An answer's body is the contract's,
masked for whoever asks. What was typed is checked before the key is claimed, so a slip costs no key and is not kept.
"""

from collections.abc import Awaitable, Callable

from domain.access import Actor, Permission
from domain.case import CallEnd
from domain.guest import CallerCard
from domain.hotel import HotelTerms
from integration.ports.records import Note
from integration.ports.store import ReadTx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.look_up import show_offer
from integration.usecases.note_things import note_guest, note_offer, note_reservation
from integration.usecases.office_views import noted_body
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.quote_view import offer_body
from integration.usecases.recognise_guest import load_guest, show_guest
from integration.usecases.steps import load
from integration.usecases.take_calls import CallStart, caller_of, end_call, load_call, load_case, start_call
from integration.usecases.typed_numbers import number_of
from integration.usecases.views import call_body, card_body, day, instant, whole_guest_body
from integration.usecases.write_guest import GuestCard, clean_note, create_guest, profile_of, update_guest, updated


async def start_call_once(desk: Desk, actor: Actor, start: CallStart, key: str) -> Answer:
    """The call and who rings; said again, the caller is looked up anew."""
    actor.require(Permission.SELL)
    hotel = desk.hotel(start.hotel_id)
    phone = await number_of(desk, start.phone) if start.phone else None

    async def run(claim: Claim) -> Body:
        call, card = await start_call(desk, actor, start, claim)
        return _started(call_body(call), card, actor)

    async def rebuild(kept: Kept) -> Body:
        call = await desk.store.read(lambda tx: load_call(tx, kept.subject))
        return _started(kept.body or call_body(call), await caller_of(desk, actor, call), actor)

    command = {"direction": start.direction.value, "guest_id": start.guest_id, "typed": sealed(key, phone)}
    return await once(desk, actor, hotel.hotel_id, key, verb="start_call", command=command, run=run, rebuild=rebuild)


def _started(call: Body, card: CallerCard, actor: Actor) -> Body:
    shown = card_body(card, actor)
    return {**call, **shown, "history": shown["stays"]}


async def end_call_once(desk: Desk, actor: Actor, call_id: str, end: CallEnd, key: str) -> Answer:
    """The call with its result. The call is named: repeated, there is no open one."""
    actor.require(Permission.SELL)
    hotel_id = (await desk.store.read(lambda tx: load_call(tx, call_id))).hotel_id

    async def run(claim: Claim) -> Body:
        return call_body(*await end_call(desk, actor, call_id, end, claim=claim))

    def recorded(tx: ReadTx) -> Body:
        call = load_call(tx, call_id)
        return call_body(call, load_case(tx, call))

    async def rebuild(kept: Kept) -> Body:
        return kept.body if kept.body else await desk.store.read(recorded)

    command = {
        "call_id": call_id,
        "outcome": end.outcome.value,
        "lost_reason": end.lost_reason,
        "due": day(end.due_on),
    }
    return await once(desk, actor, hotel_id, key, verb="end_call", command=command, run=run, rebuild=rebuild)


async def note_offer_once(
    desk: Desk, actor: Actor, offer_id: str, text: str | None, requests: tuple[str, ...], key: str
) -> Answer:
    """The offer with its notes, as it stands, and the note just taken (`text`, `at`; None when there was none)."""
    actor.require(Permission.SELL)
    hotel_id = (await show_offer(desk, actor, offer_id))[0].hotel_id

    async def rebuild(_kept: Kept | None = None) -> Body:
        offer, notes = await show_offer(desk, actor, offer_id)
        mine = next((one for one in reversed(notes) if text and one.text == clean_note(text)), None)
        at = mine.at if mine is not None else None
        said = {"text": mine and mine.text, "at": instant(at), "actor": actor.name, "in_pms": False}
        return {**offer_body(desk, offer, tuple(notes)), **said}

    async def run(claim: Claim) -> Body:
        await note_offer(desk, actor, offer_id, text, requests, claim)
        return await rebuild()

    command = {"offer_id": offer_id, "requests": sorted(requests), "typed": sealed(key, text)}
    return await once(desk, actor, hotel_id, key, verb="note_offer", command=command, run=run, rebuild=rebuild)


async def note_reservation_once(desk: Desk, actor: Actor, reservation_id: str, text: str, key: str) -> Answer:
    """The note, and whether it is known to be in the PMS."""
    actor.require(Permission.SELL)
    cleaned = clean_note(text)
    hotel_id = (await desk.store.read(lambda tx: load(tx, reservation_id))).hotel_id

    async def run(claim: Claim) -> Body:
        noted = await note_reservation(desk, actor, reservation_id, cleaned, claim)
        return noted_body(noted.note, in_pms=noted.is_in_pms, reservation_id=reservation_id)

    async def rebuild(kept: Kept) -> Body:
        note = Note(kept.at, actor.name, cleaned)
        return noted_body(note, in_pms=kept.pms_ref is not None, reservation_id=reservation_id)

    command = {"reservation_id": reservation_id, "typed": sealed(key, cleaned)}
    return await once(desk, actor, hotel_id, key, verb="note_reservation", command=command, run=run, rebuild=rebuild)


async def note_guest_once(desk: Desk, actor: Actor, hotel: HotelTerms, guest_id: str, text: str, key: str) -> Answer:
    """The note, and whether it is known to be on the hotel's profile."""
    actor.require(Permission.SELL)
    cleaned = clean_note(text)

    async def run(claim: Claim) -> Body:
        noted = await note_guest(desk, actor, hotel, guest_id, cleaned, claim)
        return noted_body(noted.note, in_pms=noted.is_in_pms, guest_id=guest_id)

    async def rebuild(kept: Kept) -> Body:
        note = Note(kept.at, actor.name, cleaned)
        return noted_body(note, in_pms=kept.pms_ref is not None, guest_id=guest_id)

    command = {"guest_id": guest_id, "typed": sealed(key, cleaned)}
    return await once(desk, actor, hotel.hotel_id, key, verb="note_guest", command=command, run=run, rebuild=rebuild)


async def create_guest_once(desk: Desk, actor: Actor, hotel: HotelTerms, card: GuestCard, key: str) -> Answer:
    """The guest, with what the hotel knows of him."""
    actor.require(Permission.SELL)
    profile_of(desk, card)

    async def run(claim: Claim) -> Body:
        guest = await create_guest(desk, actor, hotel, card, claim)
        return await _shown(desk, actor, hotel, guest.guest_id)

    command = {"typed": _sealed_card(key, card)}
    again = _guest_again(desk, actor, hotel)
    return await once(desk, actor, hotel.hotel_id, key, verb="create_guest", command=command, run=run, rebuild=again)


async def update_guest_once(
    desk: Desk, actor: Actor, hotel: HotelTerms, guest_id: str, card: GuestCard, key: str
) -> Answer:
    """The guest as corrected."""
    actor.require(Permission.SELL)
    await desk.store.read(lambda tx: updated(desk, load_guest(tx, guest_id), card))

    async def run(claim: Claim) -> Body:
        await update_guest(desk, actor, hotel, guest_id, card, claim)
        return await _shown(desk, actor, hotel, guest_id)

    command = {"guest_id": guest_id, "typed": _sealed_card(key, card)}
    again = _guest_again(desk, actor, hotel)
    return await once(desk, actor, hotel.hotel_id, key, verb="update_guest", command=command, run=run, rebuild=again)


def _sealed_card(key: str, card: GuestCard) -> str:
    return sealed(key, card.name, card.phone, card.email, card.language, card.nationality)


def _guest_again(desk: Desk, actor: Actor, hotel: HotelTerms) -> Callable[[Kept], Awaitable[Body]]:
    async def rebuild(kept: Kept) -> Body:
        return await _shown(desk, actor, hotel, kept.subject)

    return rebuild


async def _shown(desk: Desk, actor: Actor, hotel: HotelTerms, guest_id: str) -> Body:
    return whole_guest_body(await show_guest(desk, actor, guest_id, hotel), actor)
