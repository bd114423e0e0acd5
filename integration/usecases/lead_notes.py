"""What became of a lead, told to the PMS: a note where the hotel's people look, and a turnaway for its statistics.

Each goes there at most once, after our own record is safe. The note is in the first language of the hotel and names the
case, not the guest.
"""

from domain.access import Actor
from domain.case import CaseId
from domain.guest import GuestId, IdentityKind
from domain.hotel import HotelTerms, LostReason
from domain.offer import Offer
from domain.reservation import Reservation
from integration.errors import PmsError
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.note_things import note_guest, note_reservation
from integration.usecases.once import Claim
from integration.usecases.people import files_of
from integration.usecases.tracing import audit
from integration.usecases.turnaways import turnaway_of
from integration.usecases.work_case import find_case

MOST_OFFERS = 200


async def tell_won(desk: Desk, actor: Actor, case_id: str, reservation: Reservation, claim: Claim) -> bool:
    """A note on the reservation; whether the PMS has it."""
    language = desk.hotel(reservation.hotel_id).languages[0]
    text = desk.phrases.say(language, "Lead of case {case_id}: won.", {"case_id": case_id})
    noted = await note_reservation(desk, actor, reservation.reservation_id, text)
    if noted.is_in_pms and reservation.pms_ref is not None:
        await claim.reached_pms(reservation.pms_ref)
    return noted.is_in_pms


async def tell_lost(desk: Desk, actor: Actor, case_id: str, lost: LostReason, claim: Claim) -> bool:
    """A note on the guest's profile with the reason, and a turnaway of what was offered last; whether the PMS has the
    note."""
    case, whose, number = await desk.store.read(lambda tx: _guest(tx, case_id))
    hotel = desk.hotel(case)
    await _turn_away(desk, actor, hotel, case_id, lost)
    if whose is None:
        return False
    language = hotel.languages[0]
    reason = lost.labels.get(language) or lost.code
    text = desk.phrases.say(language, "Lead of case {case_id}: lost, {reason}.", {"case_id": case_id, "reason": reason})
    noted = await note_guest(desk, actor, hotel, whose, text)
    if noted.is_in_pms and number is not None:
        await claim.reached_pms(number)
    return noted.is_in_pms


def _guest(tx: ReadTx, case_id: str) -> tuple[str, GuestId | None, str | None]:
    """Hotel of the case, the guest's file that has a profile there (else the first), and its number."""
    case = find_case(tx, case_id)
    files = files_of(tx, GuestId(case.guest_id)) if case.guest_id else []
    for file in files:
        guest = tx.get_guest(file)
        number = guest.value_of(IdentityKind.PMS_PROFILE, case.hotel_id) if guest else None
        if number is not None:
            return case.hotel_id, file, number
    return case.hotel_id, files[0] if files else None, None


async def _turn_away(desk: Desk, actor: Actor, hotel: HotelTerms, case_id: str, lost: LostReason) -> None:
    offer = await desk.store.read(lambda tx: _last_offer(tx, hotel.hotel_id, case_id))
    if offer is None:
        return
    try:
        await desk.pms.log_turnaway(hotel, turnaway_of(offer, lost.pms_code, case_id))
    except PmsError as error:
        ids = {"case_id": case_id, "error": error.code}
        await desk.store.transact(lambda tx: audit(tx, actor, desk.clock.now(), "turnaway_lost", ids))


def _last_offer(tx: ReadTx, hotel_id: str, case_id: str) -> Offer | None:
    """The newest offer made in the case; calls that were lost have told theirs already."""
    case = find_case(tx, case_id)
    cases = {case.case_id, *(CaseId(row.home_case) for row in tx.messages_of(case.case_id))}
    offers = (one for one in tx.list_offers(hotel_id, None, MOST_OFFERS) if one.case_id in cases)
    for offer in offers:
        call = tx.get_call(offer.call_id) if offer.call_id else None
        return None if call is not None and call.lost_reason else offer
    return None
