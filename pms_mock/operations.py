"""Which function answers which operation. Everything the table of the wire offers is here; a test compares."""

from collections.abc import Callable

from pms_mock.engine import (
    cancelling,
    closing,
    deposits,
    inventory,
    locks,
    profiles,
    reservations,
    searching,
    selling,
    talking,
)
from pms_mock.engine.call import Call
from pms_mock.protocol.answer import Answer

Handler = Callable[[Call], Answer]

HANDLERS: dict[str, Handler] = {
    "getHotelAvailability": selling.get_availability,
    "getAlternateAvailability": selling.get_alternates,
    "getAvailabilityRatePlanInfo": selling.get_rate,
    "getReservationGuarantees": selling.get_guarantees,
    "getHotelInventory": inventory.get_inventory,
    "getRestrictionsByDateRange": closing.get_restrictions,
    "postRestriction": closing.post_restriction,
    "changeSellLimitByDate": closing.put_sell_limits,
    "getProfiles": profiles.search_profiles,
    "getProfile": profiles.get_profile,
    "postProfile": profiles.post_profile,
    "postGuestProfile": profiles.post_guest,
    "putProfile": profiles.put_profile,
    "getHotelReservations": searching.search_reservations,
    "getReservation": searching.get_reservation,
    "getReservationByExtId": searching.get_reservation_by_reference,
    "postReservation": reservations.post_reservation,
    "putReservation": reservations.put_reservation,
    "deleteOnHoldReservation": reservations.delete_reservation,
    "postCancelReservation": cancelling.post_cancellation,
    "putReinstateReservation": cancelling.put_reinstate,
    "getCancellationHistory": cancelling.get_cancellation_history,
    "putAcquireReservationLock": locks.put_lock,
    "putReservationLock": locks.extend_lock,
    "deleteReservationLock": locks.delete_lock,
    "postDepositPayment": deposits.post_deposit,
    "getMaturedDeposits": deposits.get_deposits,
    "getPaymentMethods": deposits.get_payment_methods,
    "postPaymentMethods": deposits.post_payment_methods,
    "getReservationPolicies": talking.get_policies,
    "getScript": talking.get_script,
    "getSellMessages": talking.get_sell_messages,
    "postCall": talking.post_call,
    "getCallStatistics": talking.get_call_statistics,
    "postTurnawayReservation": talking.post_turnaway,
}
