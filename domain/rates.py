"""What is sold beside the bed: rate plans, board, packages and the terms on which a guest may cancel.

A **rate plan** is price + board + cancellation terms. Its price comes from the PMS; its terms come from the hotel
file, so that the agent can say them in one sentence. A hotel sells one plan under one PMS code per currency (EUR
abroad, TRY at home).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.money import Money, total_of


class Board(StrEnum):
    """Meal plans of the coast."""

    ROOM_ONLY = "RO"
    BED_BREAKFAST = "BB"
    HALF_BOARD = "HB"
    FULL_BOARD = "FB"
    ALL_INCLUSIVE = "AI"
    ULTRA_ALL_INCLUSIVE = "UAI"


class PenaltyBasis(StrEnum):
    """What a cancellation costs: a number of nights, or a percentage of the stay."""

    NIGHTS = "nights"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class CancellationTerms:
    """Free until `free_until_days` before arrival (None: never free); after that `penalty`. Days are the hotel's."""

    free_until_days: int | None
    penalty_basis: PenaltyBasis
    penalty_value: Decimal
    no_show_percent: Decimal = Decimal(100)

    def free_until(self, check_in: date) -> date | None:
        """Last day on which cancelling is free, or None when it never is."""
        if self.free_until_days is None:
            return None
        return check_in - timedelta(days=self.free_until_days)

    def penalty(self, nightly: tuple[Money, ...], check_in: date, today: date) -> Money:
        """What cancelling costs on the hotel's day `today`. `nightly`: price per night, arrival first, one currency."""
        currency = nightly[0].currency
        last_free = self.free_until(check_in)
        if last_free is not None and today <= last_free:
            return Money.zero(currency)
        if self.penalty_basis is PenaltyBasis.PERCENT:
            return total_of(nightly, currency).percent(self.penalty_value)
        return total_of(nightly[: int(self.penalty_value)], currency)

    def no_show_penalty(self, nightly: tuple[Money, ...]) -> Money:
        """What a guest who never came owes."""
        return total_of(nightly, nightly[0].currency).percent(self.no_show_percent)


@dataclass(frozen=True, slots=True)
class DepositRule:
    """What must be paid before a reservation counts as paid for: first nights, or a percentage of the total."""

    percent: Decimal | None = None
    nights: int | None = None

    def due(self, nightly: tuple[Money, ...]) -> Money:
        """The deposit for these nightly prices."""
        currency = nightly[0].currency
        if self.percent is not None:
            return total_of(nightly, currency).percent(self.percent)
        return total_of(nightly[: self.nights or 0], currency)


@dataclass(frozen=True, slots=True)
class RatePlan:
    """A plan as the hotel sells it. `pms_codes`: currency -> the PMS's code for it."""

    code: str
    name: str
    board: Board
    cancellation: CancellationTerms
    deposit: DepositRule | None
    pms_codes: tuple[tuple[str, str], ...]
    package: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Its name in a guest's language."""
        return self.labels.get(language, self.name)

    def pms_code(self, currency: str) -> str | None:
        """The PMS's rate code in a currency, or None when it is not sold in it."""
        return dict(self.pms_codes).get(currency)

    @property
    def is_refundable(self) -> bool:
        """Whether a free cancellation exists at all."""
        return self.cancellation.free_until_days is not None


@dataclass(frozen=True, slots=True)
class RoomType:
    """A kind of room that is sold; `rank` orders from plain to best. A numbered room is the PMS's business."""

    code: str
    name: str
    rank: int
    max_adults: int
    max_children: int
    max_occupancy: int
    room_count: int
    labels: Mapping[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Its name in a guest's language."""
        return self.labels.get(language, self.name)

    def takes(self, adults: int, children: int) -> bool:
        """Whether a party fits."""
        return adults <= self.max_adults and children <= self.max_children and adults + children <= self.max_occupancy


@dataclass(frozen=True, slots=True)
class Package:
    """Something included in a rate (honeymoon table, spa entry)."""

    code: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Its name in a guest's language."""
        return self.labels.get(language, self.name)


@dataclass(frozen=True, slots=True)
class NightPrice:
    """The price of one night for the whole party, tax included."""

    night: date
    price: Money
