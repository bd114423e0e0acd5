"""The shape of scenario files: what may stand in one, and what it must agree with.

A hotel, a season and a traffic mix are data. This package says which data:
`types` the small values, one module per family of sections, `hotel` the whole
hotel file, `checks` the promises between sections (a mapping names a code that
exists, seasons cover the year once). It reads no file and draws nothing.
"""

from scenarios.schema.hotel import Hotel
from scenarios.schema.rates import Package, RatePlan, Restriction, RoomType, Season
from scenarios.schema.settings import Deposit, Settings, StatusMapping
from scenarios.schema.types import Labels, MonthDay, Period

__all__ = [
    "Deposit",
    "Hotel",
    "Labels",
    "MonthDay",
    "Package",
    "Period",
    "RatePlan",
    "Restriction",
    "RoomType",
    "Season",
    "Settings",
    "StatusMapping",
]
