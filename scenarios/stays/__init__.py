"""Stays of a hotel's book: who comes when, for how long, and at what price.

`curve` says how full each night should be, `bookings` through whom and how
long before a stay is booked, `party` who travels, `fill` turns these into
stays without ever selling a room twice. History is what was lived; the future
is what is on the books today, thinner the further away it is.
"""

from scenarios.stays.fill import Stay, StayStatus, draw_stays
from scenarios.stays.horizon import Horizon

__all__ = ["Horizon", "Stay", "StayStatus", "draw_stays"]
