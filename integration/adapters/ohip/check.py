"""Checked at start: do the hotel file's codes exist in the PMS and mean what we think?

A hold is only a hold if its guarantee code takes a room out of stock, and a code the PMS does not know would fail the
first sale of the morning. So before anything is sold the guarantees of the PMS are read and held against the file,
and the file's own tables are looked through for gaps: each of our states and guarantees needs a code, each
cancellation a reason, and the words of the dialect that end a stay must be mapped.
"""

from datetime import date

from domain.hotel import CancelReason, HotelTerms
from domain.reservation import Guarantee, ReservationState
from integration.errors import ConfigurationError
from integration.ports.pms import GuaranteeType, Pms

MUST_DEDUCT: tuple[ReservationState | Guarantee, ...] = (
    ReservationState.HOLD, ReservationState.OPTION, *Guarantee,
)  # fmt: skip
MUST_BE_READ = {
    "Cancelled": ReservationState.CANCELLED,
    "NoShow": ReservationState.NO_SHOW,
    "InHouse": ReservationState.IN_HOUSE,
    "CheckedOut": ReservationState.CHECKED_OUT,
}


async def check_mapping(pms: Pms, hotel: HotelTerms, arrival: date) -> None:
    """ConfigurationError naming everything that does not fit; PmsError when the PMS cannot be asked."""
    faults = gaps(hotel) or guarantee_faults(hotel, await pms.read_guarantees(hotel, arrival))
    if faults:
        raise ConfigurationError(
            "The status mapping of {hotel} does not fit its PMS: {faults}.",
            hotel=hotel.hotel_id, faults="; ".join(faults), hint="See [status_mapping] in the hotel file.",
        )  # fmt: skip


def gaps(hotel: HotelTerms) -> list[str]:
    """What the hotel file leaves open; empty when nothing."""
    terms = hotel.pms
    faults = [f"no guarantee code for {one.value}" for one in MUST_DEDUCT if not terms.guarantee_codes.get(one)]
    faults += [f"no cancellation code for {one.value}" for one in CancelReason if not terms.cancel_codes.get(one)]
    faults += [
        f"{word} must be read as {state.value}"
        for word, state in MUST_BE_READ.items()
        if terms.states.get(word) is not state
    ]
    held = {terms.guarantee_codes.get(one) for one in (ReservationState.HOLD, ReservationState.OPTION)}
    mixed = [one.value for one in Guarantee if terms.guarantee_codes.get(one) in held - {None}]
    faults += [f"{name} has the guarantee code of a hold or an option" for name in mixed]
    return faults


def guarantee_faults(hotel: HotelTerms, known: tuple[GuaranteeType, ...]) -> list[str]:
    """Codes that the PMS does not have, or that do not take a room out of stock."""
    by_code = {one.code: one for one in known}
    faults: list[str] = []
    for one in MUST_DEDUCT:
        code = hotel.pms.guarantee_codes[one]
        if code not in by_code:
            faults.append(f"the PMS has no guarantee {code} ({one.value})")
        elif not by_code[code].deducts:
            faults.append(f"guarantee {code} ({one.value}) takes no room out of stock")
    return faults
