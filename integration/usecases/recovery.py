"""Build a write anew from its intent: what a process that died had asked for, so that its outcome can be taken over.

The command in the intent is the use case's own, so the same steps are built from it as when it was first asked. It is
never sent again from here: texts that are only sent (a note) are not kept in the intent and not needed.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from domain.access import Actor, Role
from domain.guest import GuestId
from domain.money import Money
from domain.offer import OfferId
from domain.reservation import Guarantee, PmsRef, Reservation, ReservationId, ReservationState
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx
from integration.usecases.booking_request import BookRequest
from integration.usecases.booking_steps import BookSteps
from integration.usecases.cancel_reservation import CancelSteps, ReinstateSteps
from integration.usecases.cancel_surplus import SURPLUS, surplus_write
from integration.usecases.change_reservation import ChangeSteps
from integration.usecases.change_wish import ChangeWish
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import LapseSteps, lapse_reason
from integration.usecases.mark_no_show import NoShowSteps
from integration.usecases.move_reservation import ConfirmSteps, ExtendSteps, OptionSteps
from integration.usecases.one_write import Steps, Write
from integration.usecases.pay_reservation import DepositSteps
from integration.usecases.recognise_guest import load_guest
from integration.usecases.rollback_steps import rollback_write
from integration.usecases.stay_wish import StayWish
from integration.usecases.steps import load
from integration.usecases.write_guest import CreateProfileSteps

Command = dict[str, Any]


def write_of(desk: Desk, tx: ReadTx, intent: Intent) -> Write | None:
    """The write behind an intent; None for kinds that leave nothing to look for."""
    command: Command = json.loads(intent.command)
    hotel, actor = desk.hotel(intent.hotel_id), Actor(intent.actor, Role.ADMIN, "recovery")
    if intent.kind is IntentKind.CREATE_BOOKING:
        steps: Steps | None = _booking(desk, tx, intent, command, actor)
    elif intent.kind is IntentKind.CREATE_PROFILE and intent.guest_id is not None:
        steps = CreateProfileSteps(desk, hotel, actor, load_guest(tx, intent.guest_id), None)
    elif intent.kind is IntentKind.CANCEL_BOOKING and command.get("verb") == SURPLUS:
        return surplus_write(
            desk, hotel, actor.via, PmsRef(command["pms_ref"]), command["external_ref"], command["kept"]
        )
    elif intent.reservation_id is not None:
        one = load(tx, intent.reservation_id)
        if intent.kind is IntentKind.ROLLBACK:
            steps = rollback_write(desk, tx, command, actor, one)
        else:
            steps = _on_reservation(desk, intent, command, actor, one)
    else:
        steps = None
    if steps is None:
        return None
    return Write(
        intent.kind,
        hotel,
        actor,
        intent.request_key,
        command,
        steps,
        reservation_id=ReservationId(intent.reservation_id) if intent.reservation_id else None,
        guest_id=intent.guest_id,
        may_resend=False,
    )


def _booking(desk: Desk, tx: ReadTx, intent: Intent, command: Command, actor: Actor) -> BookSteps:
    request = BookRequest(
        to=ReservationState(command["to"]),
        request_key=intent.request_key,
        offer_id=command["offer_id"],
        pick=command["pick"],
        wish=_wish(command["wish"]),
        guest_id=command["guest_id"],
        guarantee=_guarantee(command),
        requests=tuple(command["requests"]),
        option_for=timedelta(seconds=command["option_s"]) if command["option_s"] else None,
    )
    offer = tx.get_offer(OfferId(request.offer_id)) if request.offer_id else None
    return BookSteps(desk, desk.hotel(intent.hotel_id), actor, request, GuestId(command["guest_id"]), offer)


def _wish(wish: Command | None) -> StayWish | None:
    if wish is None:
        return None
    values = {**wish, "check_in": date.fromisoformat(wish["check_in"]), "child_ages": tuple(wish["child_ages"])}
    return StayWish(**values)


def _guarantee(command: Command) -> Guarantee | None:
    return Guarantee(command["guarantee"]) if command.get("guarantee") else None


def _on_reservation(desk: Desk, intent: Intent, command: Command, actor: Actor, one: Reservation) -> Steps | None:
    build = _BUILDERS.get(intent.kind)
    return build(desk, command, actor, one) if build is not None else None


Builder = Callable[[Desk, Command, Actor, Reservation], Steps]


def _change(desk: Desk, command: Command, actor: Actor, one: Reservation) -> Steps:
    """Three commands change a record: option, no-show, and a change of the stay."""
    hotel = desk.hotel(one.hotel_id)
    if command.get("verb") == "option":
        seconds = command["length_s"]
        return OptionSteps(desk, hotel, actor, one, length=timedelta(seconds=seconds) if seconds else None)
    if command.get("verb") == "no_show":
        return NoShowSteps(desk, hotel, actor, one, undo=command["undo"])
    ages, total = command["child_ages"], command["expected_total"]
    wish = ChangeWish(
        check_in=date.fromisoformat(command["check_in"]) if command["check_in"] else None,
        nights=command["nights"],
        adults=command["adults"],
        child_ages=tuple(ages) if ages is not None else None,
        room_type=command["room_type"],
        rate_plan=command["rate_plan"],
        expected_total=Money.of(total["amount"], total["currency"]) if total else None,
    )
    return ChangeSteps(desk, hotel, actor, one, wish=wish)


def _confirm(desk: Desk, command: Command, actor: Actor, one: Reservation) -> Steps:
    return ConfirmSteps(desk, desk.hotel(one.hotel_id), actor, one, guarantee=_guarantee(command))


def _extend(desk: Desk, command: Command, actor: Actor, one: Reservation) -> Steps:
    until = datetime.fromisoformat(command["until"])
    return ExtendSteps(desk, desk.hotel(one.hotel_id), actor, one, until=until)


def _cancel(desk: Desk, command: Command, actor: Actor, one: Reservation) -> Steps:
    return CancelSteps(desk, desk.hotel(one.hotel_id), actor, one, text=command["reason"])


def _lapse(desk: Desk, _command: Command, actor: Actor, one: Reservation) -> Steps:
    because = lapse_reason(one)
    return LapseSteps(desk, desk.hotel(one.hotel_id), actor, one, because=because, to=ReservationState.EXPIRED)


def _reinstate(desk: Desk, _command: Command, actor: Actor, one: Reservation) -> Steps:
    return ReinstateSteps(desk, desk.hotel(one.hotel_id), actor, one)


def _deposit(desk: Desk, command: Command, actor: Actor, one: Reservation) -> Steps:
    amount = Money.of(command["amount"]["amount"], command["amount"]["currency"])
    return DepositSteps(desk, desk.hotel(one.hotel_id), actor, one, amount=amount, method=command["method"])


_BUILDERS: dict[IntentKind, Builder] = {
    IntentKind.CHANGE_BOOKING: _change,
    IntentKind.CONFIRM_BOOKING: _confirm,
    IntentKind.EXTEND_BOOKING: _extend,
    IntentKind.CANCEL_BOOKING: _cancel,
    IntentKind.LAPSE_BOOKING: _lapse,
    IntentKind.REINSTATE_BOOKING: _reinstate,
    IntentKind.DEPOSIT: _deposit,
}
