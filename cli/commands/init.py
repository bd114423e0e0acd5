"""`santral init`: make a Santral home."""

from pathlib import Path
from typing import Annotated

from typer import Context, Option

from cli.context import session_of
from cli.home import is_home
from cli.inputs import a_day_or_none
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import Yes
from cli.screens import homes
from integration.usecases.marks import N_

app = verbs()


@app.command(cls=Verb)
def init(
    ctx: Context,
    seed: Annotated[int, Option("--seed", help="Number the guests and stays are drawn from.", min=0)] = 1,
    start: Annotated[
        str | None,
        Option("--start", help="First day of the hotel, YYYY-MM-DD; default: its today.", show_default=False),
    ] = None,
    hotels: Annotated[
        int | None, Option("--hotels", help="How many of the shipped hotels (1 to 3); default: 1.", show_default=False)
    ] = None,
    hotel_file: Annotated[
        list[Path] | None, Option("--hotel-file", help="Own hotel file; may be repeated.", show_default=False)
    ] = None,
    profiles: Annotated[int, Option("--profiles", help="Guest profiles of the first hotel.", min=1)] = 20_000,
    small: Annotated[bool, Option("--small", help="A thin book for trying out: few guests, few stays.")] = False,
    force: Annotated[bool, Option("--force", help="Make a new home in place of the old one, which is lost.")] = False,
    yes: Yes = False,
) -> None:
    """Make a Santral home: store, hotel files and a mock hotel full of guests and stays."""
    from cli.seeding import Wish, make_home
    from integration.adapters.clock import SystemClock

    session = session_of(ctx)
    if force and is_home(session.settings.home):
        session.can_ask(yes=yes)
        question = session.reader(
            N_("The home at {place} and all it holds is lost. Go on?"), place=str(session.settings.home)
        )
        session.agree(question, yes=yes)
    wish = Wish(seed, a_day_or_none(start, "start"), hotels, tuple(hotel_file or ()), profiles, small, force)
    now = SystemClock(session.settings.clock_offset).now()
    session.show(make_home(session.settings, wish, now, session.progress), homes.made, rows="hotels")
