"""`santral reservation`: what comes after the sale. Change and cancel show what they cost and ask before they write."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from typer import Context, Exit, Option

from cli.answers import written
from cli.context import Body, Session, session_of
from cli.exit_codes import ExitCode
from cli.fields import with_fields
from cli.inputs import an_amount, an_instant
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import DryRun, Key, Limit, NoteText, ReservationId, Yes
from cli.screens import reservations
from cli.wishes import ChangeFields, change_wish
from domain.errors import DomainError
from integration.errors import PmsUnavailable
from integration.usecases.answers import Answer
from integration.usecases.cancel_reservation import cancel_reservation, preview_cancel, reinstate_reservation
from integration.usecases.change_reservation import change_reservation, preview_change
from integration.usecases.desk import Desk
from integration.usecases.keyed_writes import note_reservation_once
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.mark_no_show import mark_no_show
from integration.usecases.marks import N_
from integration.usecases.move_reservation import extend_reservation, fetch
from integration.usecases.office_views import swept_body
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.write_guest import clean_note

app = verbs()


def _shown_first(
    session: Session, preview: Callable[[Desk], Awaitable[Body]], question: str, typed_key: str | None, *, yes: bool
) -> None:
    """Show what it costs and ask. A request repeated under its key may have been done already: then just repeat it."""
    session.can_ask(yes=yes, has_dry_run=True)
    if yes:
        return
    try:
        body = session.run(preview)
    except DomainError:
        if typed_key is None:
            raise
        return
    session.show_aside(body, reservations.cost)
    session.agree(session.reader(question), yes=yes)


def _write(session: Session, typed_key: str | None, work: Callable[[Desk, str], Awaitable[Answer]]) -> None:
    key = session.request_key(typed_key)
    answer = session.run(lambda desk: work(desk, key))
    session.show(written(answer, key), reservations.reservation)


@app.command(cls=Verb)
def pay(
    ctx: Context,
    reservation_id: ReservationId,
    amount: Annotated[str, Option("--amount", help="Amount, such as 410.00.", show_default=False)],
    method: Annotated[
        str,
        Option(
            "--method",
            help="How it was paid, a code of the hotel file; as shipped: cash, card, bank_transfer, payment_link.",
            show_default=False,
        ),
    ],
    currency: Annotated[
        str | None, Option("--currency", help="Currency; default: the reservation's.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Record a payment; confirms when the deposit is met."""
    session = session_of(ctx)

    async def work(desk: Desk, request_key: str) -> Answer:
        known = currency or (await fetch(desk, reservation_id)).total.currency
        return await pay_reservation(
            desk, session.actor, reservation_id, request_key, an_amount(amount, known.upper()), method
        )

    _write(session, key, work)


@app.command(cls=Verb)
@with_fields(ChangeFields, "typed")
def change(
    ctx: Context, reservation_id: ReservationId, typed: ChangeFields, yes: Yes = False, dry_run: DryRun = False
) -> None:
    """Change dates, party, room or rate: re-priced, the difference shown first."""
    session = session_of(ctx)
    currency = session.run(lambda desk: fetch(desk, reservation_id)).total.currency
    wish = change_wish(typed, currency)
    if dry_run:
        body = session.run(lambda desk: preview_change(desk, session.actor, reservation_id, wish))
        return session.show(body, reservations.reservation)
    question = N_("Change it?")
    _shown_first(
        session, lambda desk: preview_change(desk, session.actor, reservation_id, wish), question, typed.key, yes=yes
    )
    return _write(
        session, typed.key, lambda desk, key: change_reservation(desk, session.actor, reservation_id, key, wish)
    )


@app.command(cls=Verb)
def cancel(
    ctx: Context,
    reservation_id: ReservationId,
    reason: Annotated[str, Option("--reason", help="Why, in a few words.")] = "",
    key: Key = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Cancel: penalty and refund are shown first; the room goes back to sale."""
    session = session_of(ctx)
    if dry_run:
        body = session.run(lambda desk: preview_cancel(desk, session.actor, reservation_id))
        return session.show(body, reservations.reservation)
    question = N_("Cancel it?")
    _shown_first(session, lambda desk: preview_cancel(desk, session.actor, reservation_id), question, key, yes=yes)
    return _write(
        session,
        key,
        lambda desk, request_key: cancel_reservation(desk, session.actor, reservation_id, request_key, reason),
    )


@app.command(cls=Verb)
def extend(
    ctx: Context,
    reservation_id: ReservationId,
    until: Annotated[
        str,
        Option("--until", help="2027-07-01T18:00 or 18:00 in the hotel's time, or +2h from now.", show_default=False),
    ],
    key: Key = None,
) -> None:
    """Move the deadline of a hold or option."""
    session = session_of(ctx)

    async def work(desk: Desk, request_key: str) -> Answer:
        hotel = desk.hotel((await fetch(desk, reservation_id)).hotel_id)
        moment = an_instant(until, desk.clock.now(), hotel.zone, "until")
        return await extend_reservation(desk, session.actor, reservation_id, request_key, moment)

    _write(session, key, work)


@app.command("no-show", cls=Verb)
def no_show(
    ctx: Context,
    reservation_id: ReservationId,
    undo: Annotated[bool, Option("--undo", help="The guest came after all.")] = False,
    key: Key = None,
) -> None:
    """Mark a guest who did not come; frees the other nights and says what the front office must still do."""
    session = session_of(ctx)
    _write(
        session,
        key,
        lambda desk, request_key: mark_no_show(desk, session.actor, reservation_id, request_key, undo=undo),
    )


@app.command(cls=Verb)
def reinstate(ctx: Context, reservation_id: ReservationId, key: Key = None) -> None:
    """Bring a cancelled or expired reservation back, if the room is still there."""
    session = session_of(ctx)
    _write(
        session, key, lambda desk, request_key: reinstate_reservation(desk, session.actor, reservation_id, request_key)
    )


@app.command(cls=Verb)
def note(ctx: Context, reservation_id: ReservationId, text: NoteText, key: Key = None) -> None:
    """Keep a note on a reservation and on its PMS record."""
    session = session_of(ctx)
    clean_note(text)
    request_key = session.request_key(key)
    answer = session.run(lambda desk: note_reservation_once(desk, session.actor, reservation_id, text, request_key))
    session.show(written(answer, request_key), reservations.noted)


@app.command(cls=Verb)
def expire(ctx: Context, limit: Limit = 200) -> None:
    """Let lapse what is due: holds and options past their deadline give their room back.

    Exit code 5 when the PMS is down and something due is left, 7 when something is left for another reason.
    """
    session = session_of(ctx)
    swept = session.run(lambda desk: lapse_due(desk, session.actor, limit=limit))
    session.show(swept_body(swept), reservations.swept, rows="expired")
    if swept.left:
        is_down = any(code == PmsUnavailable.code for _, code in swept.left)
        raise Exit(ExitCode.UNAVAILABLE if is_down else ExitCode.THRESHOLD)
