"""Guests in the PMS: found by reference, telephone, e-mail or name; read, written, changed.

The rows of a profile search hold little, and no reference of ours, so a hit is read by number, a few at a time. Only a
search by name is answered from its rows, if they show the name that was searched for: a common surname would otherwise
cost twenty calls. The PMS's own normalisation of telephone numbers is not specified: we send E.164, and callers may try
other spellings.
"""

import asyncio

import msgspec

from domain.hotel import HotelTerms
from integration.adapters.ohip import bodies_desk, mapping_profiles
from integration.adapters.ohip import wire_profiles as records
from integration.adapters.ohip.bookings import number_in_location
from integration.adapters.ohip.client import OhipClient
from integration.adapters.ohip.mapping_bookings import id_of
from integration.adapters.ohip.offers import ROWS, understood
from integration.adapters.ohip.query import encoded, personal, with_query
from integration.errors import PmsProtocolError, PmsRejected, PmsUnavailable
from integration.ports.pms import PmsProfile, ProfileDraft, ProfileSearch

_SHORT = ("Profile", "Communication", "Indicators")
_LONG = (*_SHORT, "Comment", "Preference", "Keyword", "HistoryReservation", "FutureReservation")
_AT_ONCE = 4


class GuestRecords:
    """Profiles in the PMS."""

    def __init__(self, client: OhipClient) -> None:
        """Speak through `client`."""
        self._client = client

    async def find_profiles(self, hotel: HotelTerms, search: ProfileSearch) -> tuple[PmsProfile, ...]:
        """Guests that match the first criterion given; nobody when there is none."""
        criteria = _criteria(hotel, search)
        if not criteria:
            return ()
        path = (
            f"/crm/v1/profiles?hotelId={encoded(hotel.pms.pms_hotel_id)}&profileType=Guest"
            f"&limit={max(1, min(search.limit, ROWS))}&{criteria}"
        )
        answer = await self._client.read(hotel, "find_profiles", path, records.PROFILES)
        page = answer.profile_summaries if answer is not None else None
        hits = page.profile_info if page is not None else ()
        if search.surname and not (search.reference or search.phone or search.email or search.with_history):
            rows = [mapping_profiles.profile_hit(hit, search.surname) for hit in hits[: search.limit]]
            if all(row is not None for row in rows):
                return tuple(row for row in rows if row is not None)
        numbers = dict.fromkeys(filter(None, (id_of(hit.profile_id_list, "Profile") for hit in hits)))
        return await self._read_all(hotel, list(numbers)[: search.limit], _LONG if search.with_history else _SHORT)

    async def _read_all(self, hotel: HotelTerms, numbers: list[str], wanted: tuple[str, ...]) -> tuple[PmsProfile, ...]:
        few = asyncio.Semaphore(_AT_ONCE)

        async def one(number: str) -> PmsProfile | None:
            async with few:
                return await self._read(hotel, number, wanted)

        found = await asyncio.gather(*map(one, numbers))
        return tuple(profile for profile in found if profile is not None)

    async def read_profile(self, hotel: HotelTerms, profile_id: str) -> PmsProfile | None:
        """One guest with history, preferences and notes."""
        return await self._read(hotel, profile_id, _LONG)

    async def _read(self, hotel: HotelTerms, profile_id: str, wanted: tuple[str, ...]) -> PmsProfile | None:
        answer = await self._client.read(hotel, "read_profile", _path(profile_id, wanted), records.PROFILE)
        if answer is None:
            return None
        return understood("read_profile", lambda: mapping_profiles.profile(hotel, answer, profile_id))

    async def create_profile(self, hotel: HotelTerms, draft: ProfileDraft) -> str:
        """Write a guest; the number comes in `Location` [spec]."""
        body = bodies_desk.new_profile_body(hotel, draft)
        reply = await self._client.write(hotel, "create_profile", "POST", "/crm/v1/profiles", body)
        return number_in_location("create_profile", reply, "profiles")

    async def update_profile(self, hotel: HotelTerms, profile_id: str, draft: ProfileDraft, note: str | None) -> None:
        """Change a guest and add a note to those the profile has.

        Read first are the ids of the phone and e-mail to be replaced, else they would be added, and the comments.
        """
        known: dict[str, str] = {}
        comments: tuple[msgspec.Raw, ...] = ()
        if draft.phone or draft.email or note:
            now = await self._before_change(hotel, profile_id)
            known = mapping_profiles.entries_to_replace(now, draft.phone, draft.email)
            comments = mapping_profiles.comments_as_sent(now)
        body = bodies_desk.profile_body(hotel, draft, note, known, comments)
        await self._client.write(hotel, "update_profile", "PUT", f"/crm/v1/profiles/{encoded(profile_id)}", body)

    async def _before_change(self, hotel: HotelTerms, profile_id: str) -> records.ProfileToChange:
        path = _path(profile_id, (*_SHORT, "Comment"))
        try:
            now = await self._client.read(hotel, "read_profile", path, records.PROFILE_TO_CHANGE)
        except PmsProtocolError as error:
            raise PmsUnavailable("The guest cannot be read, so nothing was changed.") from error
        if now is None:
            raise PmsRejected("The PMS has no guest {profile_id}.", status=404, profile_id=profile_id)
        return now


def _path(profile_id: str, wanted: tuple[str, ...]) -> str:
    return with_query(f"/crm/v1/profiles/{encoded(profile_id)}", [("fetchInstructions", word) for word in wanted])


def _criteria(hotel: HotelTerms, search: ProfileSearch) -> str:
    """One criterion, in the order reference, phone, e-mail, name."""
    if search.reference:
        return f"externalReferenceIds={encoded(search.reference)}&externalSystemCodes={encoded(hotel.pms.system_code)}"
    if search.phone:
        return f"phone={personal(search.phone)}"
    if search.email:
        return f"email={personal(search.email)}"
    if search.surname:
        given = f"&givenName={personal(search.given_name)}" if search.given_name else ""
        return f"profileName={personal(search.surname)}{given}"
    return ""
