"""The draft of a correction to a guest: a message cannot be unsent, so a second one says what is true.

Four cases: the reservation never should have been, it stands again, it stands as before, it is kept only for a while.
A person reads the draft and sends it; it names hotel, number, days and amount, never the guest.
"""

from domain.reservation import SELLING, TIMED
from domain.rollback import Snapshot
from integration.ports.surroundings import Phrases
from integration.usecases.marks import N_

GONE = N_(
    "{hotel}: your reservation {number} from {check_in} to {check_out} was entered by mistake and has been taken back. "
    "You owe nothing for it. We apologise."
)
STANDS_AGAIN = N_(
    "{hotel}: your reservation {number} had been cancelled by mistake. It stands again: {check_in} to {check_out}, "
    "{total}. We apologise."
)
AS_BEFORE = N_(
    "{hotel}: your reservation {number} had been changed by mistake. It stands as before: {check_in} to {check_out}, "
    "{total}. We apologise."
)
NOT_CONFIRMED = N_(
    "{hotel}: your reservation {number} had been confirmed by mistake. The room is kept for you for a while and is not "
    "confirmed yet: {check_in} to {check_out}, {total}. We apologise."
)


def correction_text(phrases: Phrases, language: str, hotel: str, number: str, before: Snapshot, after: Snapshot) -> str:
    """The draft, in the guest's language."""
    values = {
        "hotel": hotel,
        "number": number,
        "check_in": phrases.day(language, after.stay.check_in),
        "check_out": phrases.day(language, after.stay.check_out),
        "total": phrases.money(language, after.total),
    }
    template = _template(before, after)
    if template == GONE:
        del values["total"]
    return phrases.say(language, template, values)


def _template(before: Snapshot, after: Snapshot) -> str:
    if after.state not in SELLING:
        return GONE
    if before.state not in SELLING:
        return STANDS_AGAIN
    return NOT_CONFIRMED if after.state in TIMED and before.state is not after.state else AS_BEFORE
