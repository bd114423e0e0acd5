"""The shapes of reservations, deposits and cancellations in the PMS's answers. See `wire` for the rules.

A reservation is told in two shapes [spec]: the full `hotelReservationType` when it is read by number, and the flatter
`reservationInfoType` when it is found by a search.
"""

from datetime import date
from decimal import Decimal

import msgspec

from integration.adapters.ohip.wire import (
    Amount,
    ExternalReference,
    RoomRate,
    Total,
    UniqueId,
    Warned,
    Wire,
)


class ChildAge(Wire):
    """`childAgeType`."""

    age: int = 0


class GuestCounts(Wire):
    """`guestCountsType`."""

    adults: int = 0
    children: int = 0
    child_ages: tuple[ChildAge, ...] = ()


class Guarantee(Wire):
    """`resGuaranteeType`."""

    guarantee_code: str = ""


class RoomStay(Wire):
    """`roomStayType` of a reservation."""

    arrival_date: date | None = None
    departure_date: date | None = None
    guest_counts: GuestCounts | None = None
    guarantee: Guarantee | None = None
    room_rates: tuple[RoomRate, ...] = ()
    total: Total | None = None


class CommentText(Wire):
    """`formattedTextTextType`."""

    value: str = ""


class Comment(Wire):
    """`commentType`."""

    text: CommentText | None = None


class CommentInfo(Wire):
    """`commentInfoType`."""

    comment: Comment | None = None


class Cancellation(Wire):
    """How a reservation was cancelled; the number is ours when we gave one."""

    cancellation_no: UniqueId | None = None


class Balances(Wire):
    """`resRevenueBalanceType`."""

    total_deposit_paid: Amount | None = None


class Cashiering(Wire):
    """`resCashieringType`."""

    revenues_and_balances: Balances | None = None


class RateSummary(Wire):
    """`reservationRateSummaryType`."""

    total_cost_of_stay: Decimal | None = None
    currency_code: str = ""


class ProfileInfo(Wire):
    """`resGuestType.profileInfo`."""

    profile_id_list: tuple[UniqueId, ...] = ()


class ReservationGuest(Wire):
    """`resGuestType`."""

    profile_info: ProfileInfo | None = None
    primary: bool = False


class CharacterField(Wire):
    """`characterUDFType`."""

    name: str = ""
    value: str = ""


class UserFields(Wire):
    """`userDefinedFieldsType`."""

    character: tuple[CharacterField, ...] = msgspec.field(name="characterUDFs", default=())


class Booking(Wire):
    """`hotelReservationType`."""

    reservation_id_list: tuple[UniqueId, ...] = ()
    external_references: tuple[ExternalReference, ...] = ()
    room_stay: RoomStay | None = None
    reservation_status: str = ""
    comments: tuple[CommentInfo, ...] = ()
    cancellation: Cancellation | None = None
    cashiering: Cashiering | None = None
    rate_summary: RateSummary | None = None
    reservation_guests: tuple[ReservationGuest, ...] = ()
    user_defined_fields: UserFields | None = None
    create_business_date: date | None = None
    create_date_time: str = ""


class BookingList(Wire):
    """`hotelReservationsType`."""

    reservation: tuple[Booking, ...] = ()


class BookingAnswer(Wire):
    """`reservation`."""

    reservations: BookingList | None = None
    warnings: tuple[Warned, ...] = ()


class StayInfo(Wire):
    """`stayInfoType`: the room stay as a search tells it. `total_amount` is of the whole reservation [inf]."""

    arrival_date: date | None = None
    departure_date: date | None = None
    adult_count: int = 0
    child_count: int = 0
    child_ages: tuple[ChildAge, ...] = ()
    room_type: str = ""
    number_of_rooms: int = 1
    rate_plan_code: str = ""
    rate_amount: Amount | None = None
    total_amount: Amount | None = None
    guarantee: Guarantee | None = None


class DepositSummary(Wire):
    """`reservationDepositType`."""

    amount_paid: Decimal | None = None


class BookingInfo(Wire):
    """`reservationInfoType`."""

    reservation_id_list: tuple[UniqueId, ...] = ()
    external_references: tuple[ExternalReference, ...] = ()
    room_stay: StayInfo | None = None
    reservation_status: str = ""
    deposit: DepositSummary | None = None
    create_date_time: str = ""


class BookingPage(Wire):
    """A page of a search."""

    reservation_info: tuple[BookingInfo, ...] = ()
    has_more: bool = False


class BookingSearchAnswer(Wire):
    """`reservationsDetails`."""

    reservations: BookingPage | None = None
    warnings: tuple[Warned, ...] = ()


class RawPage(Wire):
    """The same, each row as it came, so that one that cannot be read does not hide the others."""

    reservation_info: tuple[msgspec.Raw, ...] = ()
    has_more: bool = False


class RawSearchAnswer(Wire):
    """`reservationsDetails`, its rows unread."""

    reservations: RawPage | None = None
    warnings: tuple[Warned, ...] = ()


class NumberOnly(Wire):
    """What is left of a row that cannot be read: its number."""

    reservation_id_list: tuple[UniqueId, ...] = ()


class ReferencesOnly(Wire):
    """Whose it is."""

    external_references: tuple[ExternalReference, ...] = ()


class CancellationActivity(Wire):
    """`cancellationActivityType`."""

    cancellation_id_list: tuple[UniqueId, ...] = ()


class CancellationHistory(Wire):
    """`cancellationHistory`."""

    cxl_activity_log: tuple[CancellationActivity, ...] = ()
    warnings: tuple[Warned, ...] = ()


class MaturedDeposit(Wire):
    """`maturedDepositType`; `reference` is our payment key [inf]."""

    guest_credit_amount: Amount | None = None
    reference: str = ""


class MaturedDeposits(Wire):
    """`maturedDepositsDetails`."""

    matured_deposits: tuple[MaturedDeposit, ...] = ()
    warnings: tuple[Warned, ...] = ()


BOOKING = msgspec.json.Decoder(BookingAnswer)
BOOKINGS = msgspec.json.Decoder(BookingSearchAnswer)
ROWS_UNREAD = msgspec.json.Decoder(RawSearchAnswer)
ROW = msgspec.json.Decoder(BookingInfo)
ROW_NUMBER = msgspec.json.Decoder(NumberOnly)
ROW_REFERENCES = msgspec.json.Decoder(ReferencesOnly)
CANCELLATIONS = msgspec.json.Decoder(CancellationHistory)
DEPOSITS = msgspec.json.Decoder(MaturedDeposits)
