"""What the guests of a day ask for, as columns, and those who would buy as lists for the one loop that needs them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from scenarios.demand import SalesDraw
from sim.selling_plan import SellingPlan

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """Sales contacts that are decided on a day, one row each, in the order in which they ended.

    `contact`: number in the run; `at`: when it ended; `waited`: seconds from the guest's first try to the first answer;
    `channel`: the one that answered, or was asked if nobody did; `language`, `hotel`: places in the season's lists;
    `tries`: follow-up calls so far; `draws`: what each would buy; `booked_on`: the day lead times count from.
    """

    contact: I8
    at: F8
    waited: F8
    is_answered: Flags
    channel: I8
    language: I8
    hotel: I8
    tries: I8
    booked_on: I8
    draws: SalesDraw

    def __len__(self) -> int:
        """How many."""
        return len(self.at)


class Wishes:
    """The columns of those who would buy, as lists for the one loop that cannot be an array."""

    __slots__ = (
        "_factor", "_price", "alternative", "arrival", "at", "cancel", "channel", "elapsed", "hotel", "lapse", "nights",
        "no_show", "place", "stage", "today",
    )  # fmt: skip

    def __init__(self, plan: SellingPlan, asked: Asked, today: I8, arrival: I8, rows: I8) -> None:
        """Some rows of what was asked."""
        draws = asked.draws
        self.at: list[float] = asked.at[rows].tolist()
        self.today: list[int] = today[rows].tolist()
        self.channel: list[int] = asked.channel[rows].tolist()
        self.hotel: list[int] = asked.hotel[rows].tolist()
        self.arrival: list[int] = arrival[rows].tolist()
        self.nights: list[int] = draws.nights[rows].tolist()
        self.stage: list[float] = draws.stage_u[rows].tolist()
        self.lapse: list[float] = draws.lapse_u[rows].tolist()
        self.cancel: list[float] = draws.cancel_u[rows].tolist()
        self.elapsed: list[float] = draws.cancel_elapsed[rows].tolist()
        self.no_show: list[float] = draws.no_show_u[rows].tolist()
        self.alternative: list[list[float]] = draws.alternative_u[rows].tolist()
        self._factor: list[float] = (draws.price_factor[rows] * plan.price_mean).tolist()
        self._price: list[float] = plan.price_of_night.tolist()
        self.place = _places(plan, self.hotel, draws.price_factor[rows])

    def amount(self, k: int, arrival: int) -> float:
        """Price of the stay on this arrival: each night at its month's price."""
        return sum(self._price[arrival : arrival + self.nights[k]]) * self._factor[k]


def _places(plan: SellingPlan, hotels: list[int], price_factor: F8) -> list[int]:
    """The room type a guest asks for: those who pay more ask for better rooms, each type as often as it has rooms."""
    sigma = plan.price_sigma
    rank = ndtr(np.log(price_factor) / sigma + sigma / 2).tolist() if sigma else [EVEN] * len(hotels)
    limits = plan.stock.type_limits
    found = []
    for hotel, share in zip(hotels, rank, strict=True):
        of_hotel = limits[hotel]
        found.append(next((place for place, limit in enumerate(of_hotel) if share < limit), len(of_hotel) - 1))
    return found
