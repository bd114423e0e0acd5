"""Names of states, boards and outcomes in the reader's language.

Codes and keys of the API stay English; only what a person reads changes. Members of two enums can have the same value
(`sold` is an availability and an outcome of a call), so the table is per enum.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from domain.availability import AlertLevel, Availability
from domain.case import CallOutcome, LeadStatus
from domain.offer import AlternativeKind, ChoiceKind
from domain.rates import Board
from domain.reservation import Guarantee, ReservationState
from integration.ports.surroundings import Phrases
from integration.usecases.marks import N_

_LABELS: Mapping[type[StrEnum], Mapping[str, str]] = {
    ReservationState: {
        ReservationState.HOLD: N_("On hold"),
        ReservationState.OPTION: N_("Option"),
        ReservationState.CONFIRMED: N_("Confirmed"),
        ReservationState.EXPIRED: N_("Expired"),
        ReservationState.CANCELLED: N_("Cancelled"),
        ReservationState.NO_SHOW: N_("No-show"),
        ReservationState.IN_HOUSE: N_("In house"),
        ReservationState.CHECKED_OUT: N_("Checked out"),
        ReservationState.ROLLED_BACK: N_("Rolled back"),
    },
    Board: {
        Board.ROOM_ONLY: N_("room only"),
        Board.BED_BREAKFAST: N_("bed and breakfast"),
        Board.HALF_BOARD: N_("half board"),
        Board.FULL_BOARD: N_("full board"),
        Board.ALL_INCLUSIVE: N_("all inclusive"),
        Board.ULTRA_ALL_INCLUSIVE: N_("ultra all inclusive"),
    },
    ChoiceKind: {
        ChoiceKind.CHEAPEST: N_("Best price"),
        ChoiceKind.BEST_FIT: N_("Best fit"),
        ChoiceKind.UPGRADE: N_("Upgrade"),
    },
    AlternativeKind: {
        AlternativeKind.OTHER_DATES: N_("Other dates"),
        AlternativeKind.SISTER_HOTEL: N_("Sister hotel"),
        AlternativeKind.WAITLIST: N_("Waiting list"),
    },
    Availability: {
        Availability.FREE: N_("Available"),
        Availability.HELD: N_("On hold"),
        Availability.OPTIONED: N_("Under option"),
        Availability.SOLD: N_("Sold out"),
        Availability.CLOSED: N_("Closed for sale"),
        Availability.RESTRICTED: N_("Restricted"),
    },
    AlertLevel: {
        AlertLevel.RED: N_("red"),
        AlertLevel.YELLOW: N_("yellow"),
        AlertLevel.GREEN: N_("green"),
    },
    CallOutcome: {
        CallOutcome.SOLD: N_("Sold"),
        CallOutcome.NOT_SOLD: N_("Not sold"),
        CallOutcome.FOLLOW_UP: N_("To be followed up"),
        CallOutcome.SERVICE: N_("Service"),
        CallOutcome.ABANDONED: N_("Abandoned"),
    },
    LeadStatus: {
        LeadStatus.OPEN: N_("Open"),
        LeadStatus.IN_PROGRESS: N_("In progress"),
        LeadStatus.WON: N_("Won"),
        LeadStatus.LOST: N_("Lost"),
    },
    Guarantee: {
        Guarantee.CARD: N_("Card"),
        Guarantee.AGENCY: N_("Agency"),
        Guarantee.COMPANY: N_("Company"),
        Guarantee.DEPOSIT: N_("Deposit"),
    },
}


def label(phrases: Phrases, language: str, value: StrEnum) -> str:
    """Name a member of one of the enums above; another enum's value is given back as it is."""
    name = _LABELS.get(type(value), {}).get(value)
    return value.value if name is None else phrases.say(language, name)


def state_label(phrases: Phrases, language: str, state: ReservationState) -> str:
    """Name a state of a reservation."""
    return label(phrases, language, state)


@lru_cache(maxsize=256)
def board_label(phrases: Phrases, language: str, board: Board | str) -> str:
    """Name a board code (`UAI`); a code that is not ours is given back."""
    try:
        return label(phrases, language, Board(board))
    except ValueError:
        return board
