"""The shapes of the PMS's records: reservations, deposits, cancellations, profiles. See `wire` for the rules.

A reservation is told in two shapes [spec]: the full `hotelReservationType` when it is read by number, and the flatter
`reservationInfoType` when it is found by a search.
"""

from datetime import date

import msgspec

from integration.adapters.ohip.wire import (
    Amount,
    Decimal,
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
    child_ages: list[ChildAge] = []


class Guarantee(Wire):
    """`resGuaranteeType`."""

    guarantee_code: str = ""


class RoomStay(Wire):
    """`roomStayType` of a reservation."""

    arrival_date: date | None = None
    departure_date: date | None = None
    guest_counts: GuestCounts | None = None
    guarantee: Guarantee | None = None
    room_rates: list[RoomRate] = []
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


class Booking(Wire):
    """`hotelReservationType`."""

    reservation_id_list: list[UniqueId] = []
    external_references: list[ExternalReference] = []
    room_stay: RoomStay | None = None
    reservation_status: str = ""
    comments: list[CommentInfo] = []
    cancellation: Cancellation | None = None
    cashiering: Cashiering | None = None
    rate_summary: RateSummary | None = None
    create_business_date: date | None = None
    create_date_time: str = ""


class BookingList(Wire):
    """`hotelReservationsType`."""

    reservation: list[Booking] = []


class BookingAnswer(Wire):
    """`reservation`."""

    reservations: BookingList | None = None
    warnings: list[Warned] = []


class StayInfo(Wire):
    """`stayInfoType`: the room stay as a search tells it. `total_amount` is of the whole reservation [inf]."""

    arrival_date: date | None = None
    departure_date: date | None = None
    adult_count: int = 0
    child_count: int = 0
    child_ages: list[ChildAge] = []
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

    reservation_id_list: list[UniqueId] = []
    external_references: list[ExternalReference] = []
    room_stay: StayInfo | None = None
    reservation_status: str = ""
    deposit: DepositSummary | None = None
    create_date_time: str = ""


class BookingPage(Wire):
    """A page of a search."""

    reservation_info: list[BookingInfo] = []
    has_more: bool = False


class BookingSearchAnswer(Wire):
    """`reservationsDetails`."""

    reservations: BookingPage | None = None
    warnings: list[Warned] = []


class CancellationActivity(Wire):
    """`cancellationActivityType`."""

    cancellation_id_list: list[UniqueId] = []


class CancellationHistory(Wire):
    """`cancellationHistory`."""

    cxl_activity_log: list[CancellationActivity] = []
    warnings: list[Warned] = []


class MaturedDeposit(Wire):
    """`maturedDepositType`; `reference` is our payment key [inf]."""

    guest_credit_amount: Amount | None = None
    reference: str = ""


class MaturedDeposits(Wire):
    """`maturedDepositsDetails`."""

    matured_deposits: list[MaturedDeposit] = []
    warnings: list[Warned] = []


class PersonName(Wire):
    """`personNameType`."""

    given_name: str = ""
    surname: str = ""
    name_type: str = "Primary"


class Customer(Wire):
    """`customerType`."""

    person_name: list[PersonName] = []
    language: str = ""
    nationality: str = ""
    vip_status: str = ""


class Telephone(Wire):
    """`telephoneType`."""

    phone_number: str = ""
    phone_tech_type: str = ""
    phone_use_type: str = ""
    primary_ind: bool = False


class TelephoneInfo(Wire):
    """`telephoneInfoType`."""

    telephone: Telephone | None = None
    id: str = ""


class Telephones(Wire):
    """The list of them."""

    telephone_info: list[TelephoneInfo] = []


class Email(Wire):
    """`emailType`."""

    email_address: str = ""
    type: str = ""
    primary_ind: bool = False


class EmailInfo(Wire):
    """`emailInfoType`."""

    email: Email | None = None
    id: str = ""


class Emails(Wire):
    """The list of them."""

    email_info: list[EmailInfo] = []


class ProfileComments(Wire):
    """The list of them."""

    comment_info: list[CommentInfo] = []


class PreferenceItem(Wire):
    """`preferenceType`."""

    preference_value: str = ""
    description: str = ""


class PreferenceGroup(Wire):
    """`preferenceTypeType`: a group and its preferences."""

    preference_type: str = ""
    preference: list[PreferenceItem] = []


class Preferences(Wire):
    """The list of them."""

    preference_type: list[PreferenceGroup] = []


class Keyword(Wire):
    """`keywordType`."""

    type: str = ""
    keyword: str = ""


class Keywords(Wire):
    """The list of them."""

    keyword: list[Keyword] = []


class StayRecord(Wire):
    """`stayReservationInfoType`."""

    reservation_id_list: list[UniqueId] = []
    room_stay: StayInfo | None = None
    hotel_id: str = ""
    reservation_status: str = ""


class StayRecords(Wire):
    """Past or coming stays."""

    reservation_info: list[StayRecord] = []


class StayLists(Wire):
    """`reservationStayHistoryFutureInfoType`."""

    history_list: StayRecords | None = None
    future_list: StayRecords | None = None


class ProfileDetails(Wire):
    """`profileType`."""

    customer: Customer | None = None
    business_segments: list[str] = []
    telephones: Telephones | None = None
    emails: Emails | None = None
    comments: ProfileComments | None = None
    preference_collection: Preferences | None = None
    keywords: Keywords | None = None
    stay_reservation_info_list: StayLists | None = None


class ProfileAnswer(Wire):
    """`profile`."""

    profile_id_list: list[UniqueId] = []
    external_references: list[ExternalReference] = []
    profile_details: ProfileDetails | None = None
    warnings: list[Warned] = []


class ProfileInfo(Wire):
    """A hit of a profile search; only its number is used, names are not in this shape [spec]."""

    profile_id_list: list[UniqueId] = []


class ProfilePage(Wire):
    """`profileSummariesType`."""

    profile_info: list[ProfileInfo] = []
    has_more: bool = False


class ProfileSearchAnswer(Wire):
    """`profileSummaries`."""

    profile_summaries: ProfilePage | None = None
    warnings: list[Warned] = []


BOOKING = msgspec.json.Decoder(BookingAnswer)
BOOKINGS = msgspec.json.Decoder(BookingSearchAnswer)
CANCELLATIONS = msgspec.json.Decoder(CancellationHistory)
DEPOSITS = msgspec.json.Decoder(MaturedDeposits)
PROFILE = msgspec.json.Decoder(ProfileAnswer)
PROFILES = msgspec.json.Decoder(ProfileSearchAnswer)
