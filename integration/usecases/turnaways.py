"""A turnaway: the PMS's statistics of a sale that was offered and not made.

It is made of an offer, whoever could not sell it: a call that ended lost, or a lead. The first choice stands for what
was offered; the comment names our call or case, never the guest.
"""

from domain.offer import Offer
from integration.ports.pms import Turnaway


def turnaway_of(offer: Offer, reason_code: str, comments: str) -> Turnaway:
    """What the PMS is told. `reason_code`: the hotel's code there; `comments`: our id of the call or case."""
    first = offer.choices[0].candidate if offer.choices else None
    return Turnaway(
        stay=offer.stay,
        party=offer.party,
        rooms=offer.rooms,
        room_type=first.room_type if first else None,
        rate_code=first.rate_code if first else None,
        rate=first.nightly[0].price if first else None,
        reason_code=reason_code,
        comments=comments,
    )
