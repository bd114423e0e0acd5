"""The shapes of the PMS's answers, as far as we read them.

Names and types are those of the public OHIP property API, release 25.5 [spec]; everything we have no use for is
skipped by the decoder without being built, which is why a 20 KB answer costs little. Nearly nothing in the
specification is required, so every field has a default and the `mapping` modules decide what a missing one means.
Amounts are JSON numbers and become Decimals digit by digit; a wrong type is a decoding error, never a guess.

Field names carried over from Oracle's `hospitality-api-docs` under the Universal Permissive License 1.0; its notice
is in NOTICE.txt beside this file.
"""

from datetime import date
from decimal import Decimal

import msgspec


class Wire(msgspec.Struct, rename="camel", gc=False):
    """A part of an answer."""


class Warned(Wire):
    """`warnings[]`: a business problem told with a success."""

    code: str = ""


class Receipt(Wire):
    """What is looked at in the answer to a write."""

    warnings: tuple[Warned, ...] = ()


class Problem(Wire):
    """`exceptionDetailType`."""

    title: str = ""
    detail: str = ""
    code: str = msgspec.field(name="o:errorCode", default="")
    path: str = msgspec.field(name="o:errorPath", default="")


class UniqueId(Wire):
    """An id and what it is an id of."""

    id: str = ""
    type: str = ""


class ExternalReference(Wire):
    """Somebody else's id; `id_context` is the system it belongs to."""

    id: str = ""
    id_context: str = ""


class Amount(Wire):
    """`currencyAmountType`."""

    amount: Decimal | None = None
    currency_code: str = ""


class Total(Wire):
    """`totalType`."""

    amount_before_tax: Decimal | None = None
    amount_after_tax: Decimal | None = None
    currency_code: str = ""


class Rate(Wire):
    """`amountType`: one price for each night from `start` to `end`, both slept."""

    start: date | None = None
    end: date | None = None
    base: Total | None = None
    total: Total | None = None


class Rates(Wire):
    """`ratesType`."""

    rate: tuple[Rate, ...] = ()


class PackageElement(Wire):
    """`packageElementType`."""

    package_code: str = ""


class RoomRate(Wire):
    """`roomRateType`, in availability and in a reservation."""

    room_type: str = ""
    rate_plan_code: str = ""
    availability: str = ""
    number_of_units: int = 0
    total: Total | None = None
    rates: Rates | None = None
    packages: tuple[PackageElement, ...] = ()


class RoomStayOffer(Wire):
    """A room stay of an availability answer."""

    room_rates: tuple[RoomRate, ...] = ()


class AvailabilitySegment(Wire):
    """`availResponseSegmentType`."""

    room_stays: tuple[RoomStayOffer, ...] = ()
    closed: bool = False
    has_more: bool = False
    paging_key: str = ""


class Availability(Wire):
    """`hotelAvailability`."""

    hotel_availability: tuple[AvailabilitySegment, ...] = ()
    warnings: tuple[Warned, ...] = ()


class AlternateDate(Wire):
    """`alternateAvailDateType`."""

    day: date | None = msgspec.field(name="date", default=None)
    status: str = ""
    rate_amount: Amount | None = None


class Alternates(Wire):
    """`alternateAvailability`."""

    alternates: tuple[AlternateDate, ...] = ()
    warnings: tuple[Warned, ...] = ()


class InventoryCount(Wire):
    """`inventoryCountsType`, days included."""

    start_date: date | None = None
    end_date: date | None = None
    available_count: int = 0


class InventoryLevel(Wire):
    """Counts of one room type."""

    code: str = ""
    inventory_counts: tuple[InventoryCount, ...] = ()


class HotelInventory(Wire):
    """`hotelInventoryType`."""

    room_type_inventories: tuple[InventoryLevel, ...] = ()


class Inventory(Wire):
    """`hotelInventory`."""

    hotel_inventories: tuple[HotelInventory, ...] = ()
    warnings: tuple[Warned, ...] = ()


class RestrictionControl(Wire):
    """What a restriction is about; nothing given = the house."""

    booking_channel_code: str = ""
    room_class: str = ""
    room_type: str = ""
    rate_plan_category: str = ""
    rate_plan_code: str = ""


class RestrictionStatus(Wire):
    """Which restriction; `los1`..`los7` (`lOS1` on the wire) are lengths of stay that are not to be had."""

    code: str = ""
    unit: int | None = None
    los1: bool = msgspec.field(name="lOS1", default=False)
    los2: bool = msgspec.field(name="lOS2", default=False)
    los3: bool = msgspec.field(name="lOS3", default=False)
    los4: bool = msgspec.field(name="lOS4", default=False)
    los5: bool = msgspec.field(name="lOS5", default=False)
    los6: bool = msgspec.field(name="lOS6", default=False)
    los7: bool = msgspec.field(name="lOS7", default=False)


class RestrictionSet(Wire):
    """`restrictionSetType`; weekday flags narrow the days from `start` to `end`."""

    restriction_control: RestrictionControl | None = None
    restriction_status: RestrictionStatus | None = None
    start: date | None = None
    end: date | None = None
    monday: bool | None = None
    tuesday: bool | None = None
    wednesday: bool | None = None
    thursday: bool | None = None
    friday: bool | None = None
    saturday: bool | None = None
    sunday: bool | None = None


class RestrictionRange(Wire):
    """The inner of the two wrappers of the same name."""

    restriction_sets: tuple[RestrictionSet, ...] = ()
    has_more: bool = False


class RestrictionWrapper(Wire):
    """The outer one."""

    restrictions_by_date_range: RestrictionRange | None = None


class Restrictions(Wire):
    """`restrictionsByDateRange`."""

    restrictions_by_date_range: RestrictionWrapper | None = None
    warnings: tuple[Warned, ...] = ()


class GuaranteePolicy(Wire):
    """`guaranteePolicyType`."""

    guarantee_code: str = ""
    on_hold: bool = False
    reserve_inventory: bool = False


class Guarantees(Wire):
    """`reservationGuaranteesPolicies`."""

    res_guarantees: tuple[GuaranteePolicy, ...] = ()
    warnings: tuple[Warned, ...] = ()


class Script(Wire):
    """`script`: base64 text ("format byte")."""

    script: str = ""
    warnings: tuple[Warned, ...] = ()


class SellMessage(Wire):
    """`sellMessageType`."""

    message: str = ""
    language_code: str = ""


class SellMessageList(Wire):
    """`sellMessagesType`."""

    sell_message: tuple[SellMessage, ...] = ()


class SellMessages(Wire):
    """`sellMessages`."""

    sell_messages: SellMessageList | None = None
    warnings: tuple[Warned, ...] = ()


AVAILABILITY = msgspec.json.Decoder(Availability)
ALTERNATES = msgspec.json.Decoder(Alternates)
INVENTORY = msgspec.json.Decoder(Inventory)
RESTRICTIONS = msgspec.json.Decoder(Restrictions)
GUARANTEES = msgspec.json.Decoder(Guarantees)
SCRIPT = msgspec.json.Decoder(Script)
SELL_MESSAGES = msgspec.json.Decoder(SellMessages)
