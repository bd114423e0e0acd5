"""`santral reservation`: quote a stay and sell it."""

from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import Body, Session, session_of
from cli.fields import with_fields
from cli.inputs import a_guarantee, a_length
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Guarantee
from cli.screens import quotes, reservations
from cli.wishes import BookingFields, QuoteFields, book_request, stay_wish
from domain.access import Actor
from domain.errors import InvalidInput
from domain.reservation import ReservationState
from integration.usecases.book_stay import book_stay
from integration.usecases.desk import Desk
from integration.usecases.move_reservation import confirm_reservation, take_option
from integration.usecases.quote_stay import quote_stay
from integration.usecases.quote_view import quote_body
from integration.usecases.stay_wish import StayWish

app = verbs()
MaybeId = Annotated[
    str | None,
    Argument(metavar="[ID]", help="Reservation to move up; without it a new one is made.", show_default=False),
]


@app.command(cls=Verb)
@with_fields(QuoteFields, "typed")
def quote(ctx: Context, typed: QuoteFields) -> None:
    """Live price and availability: two or three choices, what is closed and why, other ways, and what to say."""
    session = session_of(ctx)
    wish = stay_wish(typed, session.hotel_id, session.language)
    body = session.run(lambda desk: _quoted(desk, session.actor, wish))
    session.show(body, quotes.quote, rows="choices")


async def _quoted(desk: Desk, actor: Actor, wish: StayWish) -> Body:
    return quote_body(desk, await quote_stay(desk, actor, wish), actor, wish.spoken)


@app.command(cls=Verb)
@with_fields(BookingFields, "typed")
def hold(ctx: Context, typed: BookingFields) -> None:
    """Hold a room for minutes: from an offer's choice, or by dates, room type and rate plan."""
    session = session_of(ctx)
    _book(session, typed, ReservationState.HOLD)


@app.command(cls=Verb)
@with_fields(BookingFields, "typed")
def option(
    ctx: Context,
    typed: BookingFields,
    reservation_id: MaybeId = None,
    length: Annotated[
        str | None,
        Option("--for", help="How long (24h, 2d); default and most: the hotel's option time.", show_default=False),
    ] = None,
) -> None:
    """Turn a hold into an option, or take a new option."""
    session = session_of(ctx)
    if reservation_id is None:
        return _book(session, typed, ReservationState.OPTION, option_for=length)
    _check_not_new(typed)
    asked = a_length(length, "for") if length is not None else None
    key = session.request_key(typed.key)
    answer = session.run(lambda desk: take_option(desk, session.actor, reservation_id, key, length=asked))
    session.show(written(answer, key), reservations.reservation)
    return None


@app.command(cls=Verb)
@with_fields(BookingFields, "typed")
def confirm(ctx: Context, typed: BookingFields, reservation_id: MaybeId = None, guarantee: Guarantee = None) -> None:
    """Confirm a hold or option on a guarantee or on its paid deposit, or book a new confirmed reservation."""
    session = session_of(ctx)
    if reservation_id is None:
        return _book(session, typed, ReservationState.CONFIRMED, guarantee=guarantee)
    _check_not_new(typed)
    behind = a_guarantee(guarantee)
    key = session.request_key(typed.key)
    answer = session.run(lambda desk: confirm_reservation(desk, session.actor, reservation_id, key, behind))
    session.show(written(answer, key), reservations.reservation)
    return None


def _book(
    session: Session,
    typed: BookingFields,
    to: ReservationState,
    *,
    guarantee: str | None = None,
    option_for: str | None = None,
) -> None:
    book_request(typed, to, "", session.hotel_id, guarantee=guarantee, option_for=option_for)
    key = session.request_key(typed.key)
    request = book_request(typed, to, key, session.hotel_id, guarantee=guarantee, option_for=option_for)
    answer = session.run(lambda desk: book_stay(desk, session.actor, request))
    session.show(written(answer, key), reservations.reservation)


def _check_not_new(typed: BookingFields) -> None:
    if typed.is_new:
        raise InvalidInput("Name a reservation or say what to book, not both.", field="reservation_id")
