"""What we send: the bodies of the writes, in the shapes of the public specification.

[spec] is read in the OHIP documents, [inf] inferred, [unv] not verified against a live PMS:

* Our reference is `externalReferences[{id, idContext}]` with our system code as context [spec]; searches ask for
  both.
* A price is sent as `rates.rate[].base.amountBeforeTax` with the currency, per night and for one room, `end` being
  the last night slept [inf, from the documents' examples]. Our prices hold all taxes. The specification says that
  inclusive taxes are part of `amountBeforeTax`; `taxIncluded` says so too, and `fixedRate` asks to keep what is sent
  [spec].
* An option's end is mirrored twice: as the deposit's `absoluteDeadline`, which is in the property's time zone and
  without an offset [spec], and to the second in UTC in the character field `UDFC01` [inf]. The truth is our own
  store.
* A cancellation carries `externalCancellationId` (at most 50 characters), "to be stored as cancellation number of the
  reservation" [spec]; it comes back as `cancellation.cancellationNo.id`, else in the cancellation history [inf].
* A deposit's `postingReference` comes back as `reference` of a matured deposit [inf].
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from domain.hotel import HotelTerms
from domain.money import Money
from domain.rates import DepositRule, NightPrice
from domain.reservation import PmsRef
from domain.stay import Party
from integration.ports.pms import BookingChange, BookingDraft, Deposit

Json = dict[str, Any]

DEADLINE_FIELD = "UDFC01"
CANCELLATION_ID_LENGTH = 50
encode = msgspec.json.Encoder(decimal_format="number").encode


def create_body(hotel: HotelTerms, draft: BookingDraft) -> bytes:
    """`createReservation`."""
    stay = draft.stay
    room_rate: Json = {
        "roomType": draft.room_type,
        "roomTypeCharged": draft.room_type,
        "ratePlanCode": draft.rate_code,
        "start": stay.check_in,
        "end": stay.last_night,
        "marketCode": draft.market_code,
        "sourceCode": draft.source_code,
        "numberOfUnits": draft.rooms,
        "fixedRate": True,
        "taxIncluded": True,
        "rates": {"rate": _rates(draft.nightly)},
    }
    room_stay: Json = {
        "arrivalDate": stay.check_in,
        "departureDate": stay.check_out,
        "guestCounts": guests_of(draft.party),
        "guarantee": {"guaranteeCode": draft.guarantee_code},
        "roomRates": [room_rate],
    }
    if draft.promo:
        room_rate["promotionCode"] = draft.promo
        room_stay["promotion"] = {"promotionCode": draft.promo}
    reservation: Json = {
        "hotelId": hotel.pms.pms_hotel_id,
        "reservationStatus": "Reserved",
        "roomStayReservation": True,
        "externalReferences": [{"id": draft.reference, "idContext": hotel.pms.system_code}],
        "roomStay": room_stay,
        "reservationGuests": [
            {"primary": True, "profileInfo": {"profileIdList": [{"id": draft.profile_id, "type": "Profile"}]}}
        ],
        "reservationPaymentMethods": [{"paymentMethod": draft.payment_method, "folioView": 1}],
    }
    if draft.deadline is not None:
        reservation.update(_deadline(hotel, draft.deadline, draft.rate_code))
    if draft.comments:
        reservation["comments"] = comments_of(hotel, draft.comments)
    return encode({"reservations": {"reservation": [reservation]}})


def change_body(hotel: HotelTerms, pms_ref: PmsRef, change: BookingChange) -> bytes:
    """`changeReservation`: what is not named is kept."""
    reservation: Json = {"hotelId": hotel.pms.pms_hotel_id, "reservationIdList": ids_of(pms_ref)}
    room_stay = _changed_stay(change)
    if room_stay:
        reservation["roomStay"] = room_stay
    if change.deadline is not None:
        reservation.update(_deadline(hotel, change.deadline, change.rate_code))
    if change.comments:
        reservation["comments"] = comments_of(hotel, change.comments)
    return encode({"reservations": [reservation]})


def _changed_stay(change: BookingChange) -> Json:
    room_stay: Json = {}
    if change.stay is not None:
        room_stay["arrivalDate"] = change.stay.check_in
        room_stay["departureDate"] = change.stay.check_out
    if change.party is not None:
        room_stay["guestCounts"] = guests_of(change.party)
    if change.guarantee_code is not None:
        room_stay["guarantee"] = {"guaranteeCode": change.guarantee_code}
    room_rate = _changed_rate(change)
    if room_rate:
        room_stay["roomRates"] = [room_rate]
    return room_stay


def _changed_rate(change: BookingChange) -> Json:
    rate: Json = {}
    if change.room_type is not None:
        rate["roomType"] = rate["roomTypeCharged"] = change.room_type
    if change.rate_code is not None:
        rate["ratePlanCode"] = change.rate_code
    if change.rooms is not None:
        rate["numberOfUnits"] = change.rooms
    if rate and change.stay is not None:
        rate["start"], rate["end"] = change.stay.check_in, change.stay.last_night
    if change.nightly is not None:
        rate |= {
            "start": change.nightly[0].night,
            "end": change.nightly[-1].night,
            "fixedRate": True,
            "taxIncluded": True,
            "rates": {"rate": _rates(change.nightly)},
        }
    return rate


def cancel_body(hotel: HotelTerms, pms_ref: PmsRef, reason_code: str, reference: str, text: str) -> bytes:
    """`cancelReservation`, carried out and not merely verified."""
    if len(reference) > CANCELLATION_ID_LENGTH:
        raise ValueError(f"a cancellation's own id has at most {CANCELLATION_ID_LENGTH} characters")
    reason = {"code": reason_code, "description": text[:2000]} if text else {"code": reason_code}
    cancelled = {
        "hotelId": hotel.pms.pms_hotel_id,
        "reservationIdList": ids_of(pms_ref),
        "externalCancellationId": reference,
    }
    return encode({"reason": reason, "reservations": [cancelled], "verificationOnly": False})


def reinstate_body(hotel: HotelTerms, pms_ref: PmsRef) -> bytes:
    """`reinstateReservation`: only if stock allows."""
    return encode(
        {
            "hotelId": hotel.pms.pms_hotel_id,
            "reservationIdList": ids_of(pms_ref),
            "overrideInventory": False,
            "overrideRates": False,
        }
    )


def deposit_body(
    hotel: HotelTerms, pms_ref: PmsRef, deposit: Deposit, payment_method: str, guarantee_code: str | None
) -> bytes:
    """`depositPayment`: the money, and with `guaranteeCode` the confirmation in the same call."""
    criteria: Json = {
        "hotelId": hotel.pms.pms_hotel_id,
        "reservationId": {"id": pms_ref, "type": "Reservation"},
        "paymentMethod": {"paymentMethod": payment_method, "folioView": 1},
        "postingAmount": amount(deposit.amount),
        "postingReference": deposit.reference,
        "overrideInventoryCheck": False,
        "folioWindowNo": 1,
    }
    if guarantee_code is not None:
        criteria["guaranteeCode"] = guarantee_code
    return encode({"criteria": criteria})


def _rates(nightly: tuple[NightPrice, ...]) -> list[Json]:
    """Runs of nights at one price, so that a fortnight at one price is one entry."""
    runs: list[Json] = []
    previous: NightPrice | None = None
    for one in nightly:
        if previous is not None and one.price == previous.price and one.night == previous.night + timedelta(days=1):
            runs[-1]["end"] = one.night
        else:
            base = {"amountBeforeTax": one.price.amount, "currencyCode": one.price.currency}
            runs.append({"start": one.night, "end": one.night, "base": base})
        previous = one
    return runs


def guests_of(party: Party) -> Json:
    """`guestCountsType`."""
    guests: Json = {"adults": party.adults, "children": len(party.child_ages)}
    if party.child_ages:
        guests["childAges"] = [{"age": age} for age in party.child_ages]
    return guests


def _deadline(hotel: HotelTerms, deadline: datetime, rate_code: str | None) -> Json:
    """The option's end: for the hotel's eyes in its own time, and exactly."""
    policy = {
        "deadline": {
            "absoluteDeadline": in_property_time(hotel, deadline).replace(tzinfo=None).isoformat(timespec="seconds")
        },
        "amountPercent": _amount_percent(_deposit_rule(hotel, rate_code)),
        "manual": True,
    }
    exact = deadline.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "reservationPolicies": {"depositPolicies": [{"policy": policy}]},
        "userDefinedFields": {"characterUDFs": [{"name": DEADLINE_FIELD, "value": exact}]},
    }


def _deposit_rule(hotel: HotelTerms, rate_code: str | None) -> DepositRule:
    for plan in hotel.rate_plans.values():
        if plan.deposit is not None and rate_code in {code for _, code in plan.pms_codes}:
            return plan.deposit
    return hotel.default_deposit


def _amount_percent(rule: DepositRule) -> Json:
    if rule.percent is not None:
        return {"basisType": "Percentage", "percent": rule.percent}
    return {"basisType": "Nights", "nights": rule.nights or 1}


def comments_of(hotel: HotelTerms, texts: tuple[str, ...]) -> list[Json]:
    """Comments for the house, of the hotel's comment type."""
    return [
        {
            "comment": {
                "text": {"value": text},
                "notificationLocation": "RESERVATION",
                "type": hotel.pms.comment_type,
                "internal": True,
            }
        }
        for text in texts
    ]


def amount(money: Money) -> Json:
    """`currencyAmountType`."""
    return {"amount": money.amount, "currencyCode": money.currency}


def ids_of(pms_ref: PmsRef) -> list[Json]:
    """`reservationIdList`."""
    return [{"id": pms_ref, "type": "Reservation"}]


def in_property_time(hotel: HotelTerms, moment: datetime) -> datetime:
    """The same moment on the property's clock."""
    return moment.astimezone(hotel.zone)
