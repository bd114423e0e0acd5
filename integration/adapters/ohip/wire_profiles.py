"""The shapes of guests in the PMS's answers. See `wire` for the rules.

A guest too is told in two shapes [spec]: `profileType` when read by number, and the short row of a search.
"""

import msgspec

from integration.adapters.ohip.wire import ExternalReference, UniqueId, Warned, Wire
from integration.adapters.ohip.wire_bookings import CommentInfo, StayInfo


class PersonName(Wire):
    """`personNameType`."""

    given_name: str = ""
    surname: str = ""
    name_type: str = "Primary"


class Customer(Wire):
    """`customerType`."""

    person_name: tuple[PersonName, ...] = ()
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

    telephone_info: tuple[TelephoneInfo, ...] = ()


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

    email_info: tuple[EmailInfo, ...] = ()


class ProfileComments(Wire):
    """The list of them."""

    comment_info: tuple[CommentInfo, ...] = ()


class PreferenceItem(Wire):
    """`preferenceType`."""

    preference_value: str = ""
    description: str = ""


class PreferenceGroup(Wire):
    """`preferenceTypeType`: a group and its preferences."""

    preference_type: str = ""
    preference: tuple[PreferenceItem, ...] = ()


class Preferences(Wire):
    """The list of them."""

    preference_type: tuple[PreferenceGroup, ...] = ()


class Keyword(Wire):
    """`keywordType`."""

    type: str = ""
    keyword: str = ""


class Keywords(Wire):
    """The list of them."""

    keyword: tuple[Keyword, ...] = ()


class StayRecord(Wire):
    """`stayReservationInfoType`."""

    reservation_id_list: tuple[UniqueId, ...] = ()
    room_stay: StayInfo | None = None
    hotel_id: str = ""
    reservation_status: str = ""


class StayRecords(Wire):
    """Past or coming stays."""

    reservation_info: tuple[StayRecord, ...] = ()


class StayLists(Wire):
    """`reservationStayHistoryFutureInfoType`."""

    history_list: StayRecords | None = None
    future_list: StayRecords | None = None


class ProfileDetails(Wire):
    """`profileType`."""

    customer: Customer | None = None
    business_segments: tuple[str, ...] = ()
    telephones: Telephones | None = None
    emails: Emails | None = None
    comments: ProfileComments | None = None
    preference_collection: Preferences | None = None
    keywords: Keywords | None = None
    stay_reservation_info_list: StayLists | None = None


class ProfileAnswer(Wire):
    """`profile`."""

    profile_id_list: tuple[UniqueId, ...] = ()
    external_references: tuple[ExternalReference, ...] = ()
    profile_details: ProfileDetails | None = None
    warnings: tuple[Warned, ...] = ()


class CommentsAsSent(Wire):
    """Comments with every member they have, to be sent back as they came."""

    comment_info: tuple[msgspec.Raw, ...] = ()


class DetailsToChange(Wire):
    """What of `profileType` is read before a change."""

    telephones: Telephones | None = None
    emails: Emails | None = None
    comments: CommentsAsSent | None = None


class ProfileToChange(Wire):
    """`profile`, read before a change."""

    profile_details: DetailsToChange | None = None
    warnings: tuple[Warned, ...] = ()


class SummaryName(Wire):
    """`profileNameType`."""

    name: str = ""
    given_name: str = ""
    language: str = ""


class Code(Wire):
    """A value told by its code."""

    code: str = ""


class ProfileSummary(Wire):
    """`profileSummaryType`. Its one name is called `formerName` [spec]; whether it is the present one is [unv]."""

    former_name: SummaryName | None = None
    telephone_info: TelephoneInfo | None = None
    email_info: EmailInfo | None = None
    vip_status: Code | None = None
    citizen_country: Code | None = None


class ProfileInfo(Wire):
    """A hit of a profile search."""

    profile_id_list: tuple[UniqueId, ...] = ()
    profile: ProfileSummary | None = None


class ProfilePage(Wire):
    """`profileSummariesType`."""

    profile_info: tuple[ProfileInfo, ...] = ()
    has_more: bool = False


class ProfileSearchAnswer(Wire):
    """`profileSummaries`."""

    profile_summaries: ProfilePage | None = None
    warnings: tuple[Warned, ...] = ()


PROFILE = msgspec.json.Decoder(ProfileAnswer)


PROFILE_TO_CHANGE = msgspec.json.Decoder(ProfileToChange)


PROFILES = msgspec.json.Decoder(ProfileSearchAnswer)
