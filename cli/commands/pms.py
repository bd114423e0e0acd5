"""`santral pms`: the mock PMS of this home, served on a socket or controlled by hand. Works while servers run on it."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Annotated

from typer import Context, Option

from cli.context import Session, session_of
from cli.inputs import a_day, a_day_or_none, a_length, an_instant
from cli.mock_desk import mock_of, scopes_of
from cli.nouns import verbs
from cli.options import Format, Verb
from cli.parameters import Host, Port, RatePlan, RoomType, Yes
from cli.screens import mock
from domain.errors import InvalidInput
from integration.usecases.marks import N_
from integration.usecases.views import instant
from pms_mock import control

app = verbs()
First = Annotated[str, Option("--from", help="First night, YYYY-MM-DD.", show_default=False)]
Last = Annotated[str, Option("--to", help="Last night (it is included), YYYY-MM-DD.", show_default=False)]


@app.command(cls=Verb)
def serve(
    ctx: Context,
    host: Host = "127.0.0.1",
    port: Port = 8701,
    workers: Annotated[int, Option("--workers", help="Processes.", min=1, max=64)] = 1,
) -> None:
    """Run the mock PMS on a socket; the first line on stdout is its address."""
    from pms_mock.server import serve as serve_until_stopped

    session = session_of(ctx)
    with mock_of(session) as store:
        path = str(store.path)
    try:
        offset_s = session.settings.clock_offset.total_seconds()
        serve_until_stopped(path, host, port, workers, session.announce, clock_offset_s=offset_s)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(
            "{host}:{port} cannot be served: {why}.", host=host, port=str(port), why=why, field="port"
        ) from error


@app.command(cls=Verb)
def seed(
    ctx: Context,
    number: Annotated[
        int | None, Option("--seed", help="Number to draw from; default: the home's.", min=0, show_default=False)
    ] = None,
    start: Annotated[
        str | None, Option("--start", help="First day, YYYY-MM-DD; default: the home's.", show_default=False)
    ] = None,
    profiles: Annotated[
        int | None, Option("--profiles", help="Guest profiles of the first hotel.", min=1, show_default=False)
    ] = None,
    dump: Annotated[
        bool,
        Option("--dump", help="Write the canonical text of what the PMS holds; with --seed, of what it would hold."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Fill the mock PMS anew from the home's hotel files, or write out what it holds."""
    from cli.mock_desk import dump_of, reseed

    session = session_of(ctx)
    day = a_day_or_none(start, "start")
    if dump:
        return _dump(session, dump_of(session, number, day, profiles))
    session.can_ask(yes=yes)
    session.agree(session.reader(N_("All that the mock PMS holds is lost. Go on?")), yes=yes)
    return session.show(reseed(session, number, day, profiles), mock.seeded)


def _dump(session: Session, lines: Iterator[str]) -> None:
    """The canonical lines as they are; as JSON one document of their rows."""
    if session.options.format is Format.JSON:
        return session.printer.document({"rows": [json.loads(line) for line in lines]})
    return session.printer.lines(lines)


@app.command(cls=Verb)
def reset(ctx: Context, yes: Yes = False) -> None:
    """Empty the mock PMS: no hotel, guest or reservation; `santral pms seed` fills it again."""
    session = session_of(ctx)
    session.can_ask(yes=yes)
    with mock_of(session) as store:
        session.agree(session.reader(N_("All that the mock PMS holds is lost. Go on?")), yes=yes)
        control.reset(store)
    session.show({"reset": True}, mock.emptied)


@app.command(cls=Verb)
def close(ctx: Context, first: First, last: Last, room_type: RoomType = None, rate_plan: RatePlan = None) -> None:
    """Stop-sale: the house, a room type or a rate plan cannot be sold on these nights."""
    session = session_of(ctx)
    start, end = a_day(first, "from").isoformat(), a_day(last, "to").isoformat()
    hotel = session.desk.hotel(session.hotel_id)
    with mock_of(session) as store:
        for room, plan in scopes_of(hotel, room_type, rate_plan):
            control.close_sales(store, hotel.pms.pms_hotel_id, start, end, room, plan)
    body = {"hotel_id": hotel.hotel_id, "from": start, "to": end, "room_type": room_type, "rate_plan": rate_plan}
    session.show({**body, "closed": True}, mock.sales)


@app.command("open", cls=Verb)
def open_(ctx: Context, first: First, last: Last, room_type: RoomType = None, rate_plan: RatePlan = None) -> None:
    """Lift the stop-sales of exactly this scope on these nights."""
    session = session_of(ctx)
    start, end = a_day(first, "from").isoformat(), a_day(last, "to").isoformat()
    hotel = session.desk.hotel(session.hotel_id)
    with mock_of(session) as store:
        scopes = scopes_of(hotel, room_type, rate_plan)
        lifted = sum(control.open_sales(store, hotel.pms.pms_hotel_id, start, end, room, plan) for room, plan in scopes)
    body = {"hotel_id": hotel.hotel_id, "from": start, "to": end, "room_type": room_type, "rate_plan": rate_plan}
    session.show({**body, "closed": False, "lifted": lifted}, mock.sales)


@app.command(cls=Verb)
def clock(
    ctx: Context,
    to: Annotated[
        str | None, Option("--set", help="Instant (2027-07-01T10:00Z), or +2h from its now.", show_default=False)
    ] = None,
    advance: Annotated[
        str | None, Option("--advance", help="Length of time: 30m, 24h, 2d.", show_default=False)
    ] = None,
) -> None:
    """What the mock PMS's clock shows; set it or move it on."""
    session = session_of(ctx)
    with mock_of(session) as store:
        now = control.now(store)
        moment = an_instant(to, now, UTC, "set") if to is not None else None
        step = a_length(advance, "advance") if advance is not None else None
        if moment or step:
            now = control.clock(store, set=moment, advance=step)
    session.show({"now": instant(now.replace(microsecond=0))}, mock.clock)


@app.command(cls=Verb)
def ledger(
    ctx: Context,
    since: Annotated[int, Option("--since", help="Only entries after this number.", min=0)] = 0,
    limit: Annotated[int, Option("--limit", help="At most so many of the newest.", min=1)] = 100,
) -> None:
    """What the mock PMS was asked, oldest first."""
    session = session_of(ctx)
    with mock_of(session) as store:
        entries = control.ledger(store, since)[-limit:]
    session.show(
        {"entries": [mock.entry_body(number, entry) for number, entry in entries]}, mock.ledger, rows="entries"
    )


@app.command("night-audit", cls=Verb)
def night_audit(ctx: Context) -> None:
    """Close the days before today: who did not come is a no-show, who was to leave has left."""
    session = session_of(ctx)
    hotel = session.desk.hotel(session.hotel_id)
    with mock_of(session) as store:
        done = control.night_audit(store, hotel.pms.pms_hotel_id)
    session.show({"hotel_id": hotel.hotel_id, **done}, mock.night_audit)
