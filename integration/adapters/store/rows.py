"""Rows of reservations and offers: a dict of columns going in, a tuple in the order of the table coming out."""

from typing import Any

from domain.offer import Offer
from domain.reservation import Guarantee, Reservation, ReservationState
from integration.adapters.store.documents import (
    cancellation_terms,
    nightly_prices,
    nightly_text,
    offer_parts,
    offer_text,
    terms_text,
)
from integration.adapters.store.scalars import (
    ages_text,
    code,
    from_ms,
    from_ms_or_none,
    minor,
    money,
    party,
    stay,
    texts,
    texts_text,
    to_ms,
    to_ms_or_none,
)

Row = tuple[Any, ...]
Columns = dict[str, Any]


def offer_columns(offer: Offer) -> Columns:
    """An offer as it is stored."""
    return {
        "offer_id": offer.offer_id,
        "hotel_id": offer.hotel_id,
        "check_in": offer.stay.check_in.isoformat(),
        "check_out": offer.stay.check_out.isoformat(),
        "adults": offer.party.adults,
        "child_ages": ages_text(offer.party),
        "rooms": offer.rooms,
        "currency": offer.currency,
        "language": offer.language,
        "created_at": to_ms(offer.created_at),
        "valid_until": to_ms(offer.valid_until),
        "actor": offer.actor,
        "call_id": offer.call_id,
        "case_id": offer.case_id,
        "promo": offer.promo,
        "promo_note": offer.promo_note,
        "purpose": offer.purpose,
        "requests": texts_text(offer.requests),
        "is_group": offer.is_group,
        "document": offer_text(offer),
    }


def offer_of(row: Row) -> Offer:
    """The offer of a row."""
    (
        offer_id,
        hotel_id,
        check_in,
        check_out,
        adults,
        ages,
        rooms,
        currency,
        language,
        created_at,
        valid_until,
        *rest,
    ) = row
    (actor, call_id, case_id, promo, promo_note, purpose, requests, is_group, document) = rest
    choices, closed, alternatives = offer_parts(document)
    return Offer(
        offer_id=offer_id,
        hotel_id=hotel_id,
        stay=stay(check_in, check_out),
        party=party(adults, ages),
        rooms=rooms,
        currency=currency,
        language=language,
        created_at=from_ms(created_at),
        valid_until=from_ms(valid_until),
        actor=actor,
        choices=choices,
        closed=closed,
        alternatives=alternatives,
        call_id=call_id,
        case_id=case_id,
        promo=promo,
        promo_note=promo_note,
        purpose=purpose,
        requests=texts(requests),
        is_group=bool(is_group),
    )


def _currency(reservation: Reservation) -> str:
    """The one currency of a reservation; ValueError when its amounts do not agree."""
    currency = reservation.total.currency
    if reservation.deposit_due.currency != currency or reservation.paid.currency != currency:
        raise ValueError(f"reservation {reservation.reservation_id} has amounts in several currencies")
    return currency


def reservation_columns(reservation: Reservation) -> Columns:
    """A reservation as it is stored. ValueError when its amounts have several currencies."""
    return {
        "reservation_id": reservation.reservation_id,
        "hotel_id": reservation.hotel_id,
        "state": reservation.state.value,
        "check_in": reservation.stay.check_in.isoformat(),
        "check_out": reservation.stay.check_out.isoformat(),
        "adults": reservation.party.adults,
        "child_ages": ages_text(reservation.party),
        "rooms": reservation.rooms,
        "room_type": reservation.room_type,
        "rate_plan": reservation.rate_plan,
        "rate_code": reservation.rate_code,
        "board": reservation.board,
        "nightly": nightly_text(reservation.nightly),
        "currency": _currency(reservation),
        "total": minor(reservation.total),
        "deposit_due": minor(reservation.deposit_due),
        "paid": minor(reservation.paid),
        "cancellation": terms_text(reservation.cancellation),
        "guest_id": reservation.guest_id,
        "request_key": reservation.request_key,
        "external_ref": reservation.external_ref,
        "created_at": to_ms(reservation.created_at),
        "created_by": reservation.created_by,
        "pms_ref": reservation.pms_ref,
        "expires_at": to_ms_or_none(reservation.expires_at),
        "guarantee": code(reservation.guarantee),
        "previous_state": code(reservation.previous_state),
        "offer_id": reservation.offer_id,
        "call_id": reservation.call_id,
        "case_id": reservation.case_id,
        "requests": texts_text(reservation.requests),
        "version": reservation.version,
    }


def reservation_of(row: Row) -> Reservation:
    """The reservation of a row."""
    (reservation_id, hotel_id, state, check_in, check_out, adults, ages, rooms, room_type, rate_plan, *rest) = row
    (rate_code, board, nightly, currency, total, deposit_due, paid, cancellation, guest_id, request_key, *rest) = rest
    (external_ref, created_at, created_by, pms_ref, expires_at, guarantee, previous_state, *rest) = rest
    (offer_id, call_id, case_id, requests, version) = rest
    return Reservation(
        reservation_id=reservation_id,
        hotel_id=hotel_id,
        state=ReservationState(state),
        stay=stay(check_in, check_out),
        party=party(adults, ages),
        rooms=rooms,
        room_type=room_type,
        rate_plan=rate_plan,
        rate_code=rate_code,
        board=board,
        nightly=nightly_prices(nightly),
        total=money(total, currency),
        deposit_due=money(deposit_due, currency),
        paid=money(paid, currency),
        cancellation=cancellation_terms(cancellation),
        guest_id=guest_id,
        request_key=request_key,
        external_ref=external_ref,
        created_at=from_ms(created_at),
        created_by=created_by,
        pms_ref=pms_ref,
        expires_at=from_ms_or_none(expires_at),
        guarantee=None if guarantee is None else Guarantee(guarantee),
        previous_state=None if previous_state is None else ReservationState(previous_state),
        offer_id=offer_id,
        call_id=call_id,
        case_id=case_id,
        requests=texts(requests),
        version=version,
    )
