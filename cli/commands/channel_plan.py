"""`santral channel`: what each channel is for, its targets and handoffs, and the pictures of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from typer import Argument, Context, Option

from cli.answers import written
from cli.context import Session, session_of
from cli.inputs import a_length, an_instant
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Key
from cli.screens import channel_plan as channels
from domain.roles import ChannelRole
from integration.usecases.channel_roles import ChannelWish, draw_channels, list_channels, set_channel, show_channel

app = verbs()
ChannelName = Annotated[str, Argument(metavar="CHANNEL", help="whatsapp, web_chat, phone, ...", show_default=False)]


class Drawing(StrEnum):
    """What to draw."""

    TABLE = "table"
    FLOW = "flow"
    LIFE = "life"
    SVG = "svg"


@app.command("list", cls=Verb)
def list_(ctx: Context) -> None:
    """The scenario-channel table: role and targets of each channel, then where it hands over and when."""
    session = session_of(ctx)
    body = session.run(lambda desk: list_channels(desk, session.actor, session.hotel_id))
    session.show(body, channels.table, rows="rows")


@app.command(cls=Verb)
def show(ctx: Context, channel: ChannelName) -> None:
    """One channel: what counts now, and every version of what was set."""
    session = session_of(ctx)
    body = session.run(lambda desk: show_channel(desk, session.actor, session.hotel_id, channel))
    session.show(body, channels.channel, rows="versions")


@app.command("set", cls=Verb)
def set_command(
    ctx: Context,
    channel: ChannelName,
    role: Annotated[ChannelRole | None, Option("--role", help="What it is for.", show_default=False)] = None,
    first_response: Annotated[
        str | None, Option("--first-response", help="Target in open time: 2m, 4h.", show_default=False)
    ] = None,
    next_response: Annotated[
        str | None, Option("--next-response", help="Target of every further answer.", show_default=False)
    ] = None,
    resolution: Annotated[
        str | None, Option("--resolution", help="Target of the solution.", show_default=False)
    ] = None,
    turns: Annotated[
        int | None, Option("--turns", help="Unsolved turns that hand over; 0 for never.", show_default=False)
    ] = None,
    hours: Annotated[
        list[str] | None,
        Option(
            "--hours",
            help='Open hours, "mon-fri 09:00-12:30 13:30-18:00"; may be repeated. `always`; `hotel`: as its file has.',
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        list[str] | None,
        Option("--language", help="Languages machines write in there; may be repeated.", show_default=False),
    ] = None,
    notice_url: Annotated[
        str | None,
        Option("--notice-url", help="Where guests read how their data is used; empty: no notice.", show_default=False),
    ] = None,
    notice_version: Annotated[
        str | None, Option("--notice-version", help="Which text stands there now.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, Option("--from", help="From when on, in the hotel's time; default: now.", show_default=False)
    ] = None,
    key: Key = None,
) -> None:
    """Set a channel from now on or later; cases that began before are judged as they were."""
    session = session_of(ctx)
    begin = None if since is None else _instant(session, since)
    wish = ChannelWish(
        role, _seconds(first_response, "first_response"), _seconds(next_response, "next_response"),
        _seconds(resolution, "resolution"), turns, begin, _told(hours), _told(language), notice_url, notice_version,
    )  # fmt: skip
    request_key = session.request_key(key)
    answer = session.run(lambda desk: set_channel(desk, session.actor, session.hotel_id, channel, wish, request_key))
    session.show(written(answer, request_key), channels.channel, rows="versions")


def _seconds(typed: str | None, name: str) -> float | None:
    return None if typed is None else a_length(typed, name).total_seconds()


def _told(typed: list[str] | None) -> tuple[str, ...] | None:
    return tuple(typed) if typed else None


def _instant(session: Session, typed: str) -> datetime:
    desk = session.desk
    return an_instant(typed, desk.clock.now(), desk.hotel(session.hotel_id).zone, "from")


@app.command(cls=Verb)
def diagram(
    ctx: Context,
    what: Annotated[
        Drawing, Option("--as", help="The table, the flow or a handoff's life in Mermaid, or a picture.")
    ] = Drawing.FLOW,
) -> None:
    """Draw the channels from the live rules, in Turkish or English (--lang); --json gives all of it."""
    session = session_of(ctx)
    body = session.run(lambda desk: draw_channels(desk, session.actor, session.hotel_id, session.language))
    if what is Drawing.TABLE or session.options.format != "table":
        return session.show(body, channels.drawn, rows="rows")
    return session.printer.lines([body[what]])
