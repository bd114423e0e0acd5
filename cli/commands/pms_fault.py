"""`santral pms fault`: what the mock PMS does on a bad day, armed by hand or from a profile. See docs/faults.md."""

from datetime import UTC
from typing import Annotated

from typer import Argument, Context, Option

from cli.context import Session, session_of
from cli.inputs import an_instant
from cli.mock_desk import mock_of
from cli.mock_faults import rule_body, rules_of, settings_of, window
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import mock_faults
from pms_mock import control

app = verbs()


def _pms_hotel(session: Session, hotel_id: str | None) -> str:
    return session.desk.hotel(hotel_id).pms.pms_hotel_id if hotel_id else "*"


def _show(session: Session, armed: int | None = None) -> None:
    with mock_of(session) as store:
        rules = [rule_body(rule) for rule in control.faults(store)]
    session.show({"faults": rules if armed is None else rules[-armed:]}, mock_faults.rules, rows="faults")


@app.command("list", cls=Verb)
def list_(ctx: Context) -> None:
    """Faults that are armed, and how many requests each has seen and struck."""
    _show(session_of(ctx))


@app.command(cls=Verb)
def add(
    ctx: Context,
    kind: Annotated[
        str, Argument(metavar="KIND", help="Kind of fault: lost_answer, slow, status, ... (docs/faults.md).")
    ],
    operation: Annotated[str, Option("--on", help="Operation id, reads, writes, or * for all.")] = "*",
    rate: Annotated[float, Option("--rate", help="Share of the requests it strikes.", min=0, max=1)] = 1.0,
    times: Annotated[int, Option("--times", help="At most so often; -1: until cleared.", min=-1)] = -1,
    seed: Annotated[int, Option("--seed", help="Number its luck is drawn from.")] = 0,
    start: Annotated[
        str | None, Option("--from", help="First instant on the mock's clock, or +10m.", show_default=False)
    ] = None,
    end: Annotated[
        str | None, Option("--to", help="Instant it ends on the mock's clock, or +20m.", show_default=False)
    ] = None,
    settings: Annotated[
        list[str] | None,
        Option("--set", metavar="NAME=VALUE", help="Parameter of the kind; may be repeated.", show_default=False),
    ] = None,
) -> None:
    """Arm one fault; with --hotel for that hotel alone."""
    session = session_of(ctx)
    with mock_of(session) as store:
        now = control.now(store)
        first, last = (
            an_instant(typed, now, UTC, name) if typed else None for typed, name in ((start, "from"), (end, "to"))
        )
        own = {"rate": rate, "times": times, "seed": seed, **window(first, last), **settings_of(settings)}
        hotel = _pms_hotel(session, session.hotel_id)
        control.load_faults(store, [{**own, "kind": kind, "operation": operation, "hotel": hotel}])
    _show(session, 1)


@app.command(cls=Verb)
def load(
    ctx: Context,
    file: Annotated[str, Argument(metavar="FILE", help="Fault profile: a TOML file, or the name of a shipped one.")],
    seed: Annotated[
        int | None, Option("--seed", help="Number to draw from; default: the profile's.", show_default=False)
    ] = None,
) -> None:
    """Arm all faults of a profile, beside those that are armed already."""
    from scenarios.fault_profiles import load_profile

    session, profile = session_of(ctx), load_profile(file)
    with mock_of(session) as store:
        found = rules_of(profile, control.now(store), lambda hotel: _pms_hotel(session, hotel), seed)
        armed = control.load_faults(store, found)
    _show(session, len(armed))


@app.command(cls=Verb)
def clear(ctx: Context) -> None:
    """Disarm all faults. A late request or a lag that has begun still ends by itself."""
    session = session_of(ctx)
    with mock_of(session) as store:
        count = control.clear_faults(store)
    session.show({"cleared": count}, mock_faults.cleared)
