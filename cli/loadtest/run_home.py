"""The home of a run: made anew from the scenario, thrown away with the run.

Hotels are the scenario's own, copies and all. The mock PMS's book is thin (some hundred guests, the sold-out days, few
other stays), so that fifteen hotels are there in seconds. Every channel has a hook for each hotel, all signed with one
secret; users and tokens are made as IT would make them.
"""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from cli.loadtest.hotel_copies import write_hotels
from cli.loadtest.wishes import Settled
from cli.seeding import Wish, make_home
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.presence import LONGEST, Presence, PresenceState
from integration.ports.records import User
from integration.ports.store import Tx
from integration.settings import Settings
from integration.usecases.keep_users import hash_of, token_of
from integration.usecases.tracing import audit
from loadtests.run_plan import TOKENS, LoadHotel
from loadtests.scripts.exchange import CHANNEL as EXCHANGE
from loadtests.scripts.exchange import extension_of
from pms_mock import control
from scenarios.scenario_hotels import ScenarioHotel
from scenarios.scenario_loader import LoadedScenario

PROFILES = 200
MAKER = "load-test"
LANGUAGES = ("tr", "en", "de", "ru")
# The wire of each channel's hook. Letters are fetched, not pushed: they come into the load as leads written by hand.
WIRES = {
    "whatsapp": "whatsapp", "instagram": "instagram", "web_chat": "web_chat", "web_form": "web_form", "ota": "expedia",
    EXCHANGE: "cti",
}  # fmt: skip
SIGNED_BY_META = ("whatsapp", "instagram")
SECRET_PATH = ("expedia", "cti")


@dataclass(frozen=True, slots=True)
class Crew:
    """How many users of each role."""

    operators: int
    supervisors: int
    admins: int


def make_run_home(settings: Settings, settled: Settled, seed: int, now: datetime) -> None:
    """Make the home at `settings.home`, as of the day of the load. `now`: the machine's clock."""
    folder = settings.home.parent / "hotel-files"
    folder.mkdir(parents=True)
    paths = write_hotels(folder, settled.loaded.hotels)
    wish = Wish(seed=seed, start=settled.start.date(), hotel_files=paths, profiles=PROFILES, small=True)
    make_home(settings, wish, now, _silent)
    store = control.open_store(str(settings.mock_path))
    try:
        control.keep_ledger(store, on=False)
    finally:
        store.close()


def _silent(_text: str) -> None:
    """A run tells its own story."""


def write_channels(path: Path, hotels: Iterable[LoadHotel], secret: str, operators: int = 0) -> None:
    """The `channels.toml` of the home: every hotel's hooks, all with one secret. `operators`: how many of them have a
    telephone at the hotels' exchange."""
    path.touch(mode=0o600)
    desks = ", ".join(f'{extension_of(one)} = "{Role.OPERATOR.value}-{one}"' for one in range(operators))
    parts = [_hook(name, channel, one.hotel_id, secret, desks) for one in hotels for channel, name in one.hooks.items()]
    path.write_text("\n".join(parts), encoding="utf-8")


def _hook(name: str, channel: str, hotel_id: str, secret: str, desks: str) -> str:
    wire = WIRES[channel]
    proof = "tokens" if wire in SECRET_PATH else "secrets"
    lines = [f"[hooks.{name}]", f'wire = "{wire}"', f'hotel = "{hotel_id}"', f'{proof} = ["{secret}"]']
    if channel in SIGNED_BY_META:
        lines.append(f'verify_token = "{secret}"')
    if channel == EXCHANGE:
        lines.append(f"extensions = {{ {desks} }}")
    return "\n".join(lines) + "\n"


def load_hotels(loaded: LoadedScenario) -> tuple[LoadHotel, ...]:
    """The hotels as the generator must know them, in the scenario's order."""
    weights = loaded.scenario.calendars.markets.items()
    markets: dict[str, str] = {language: max(of.items(), key=itemgetter(1))[0][:2] for language, of in weights}
    return tuple(_load_hotel(one, place, markets) for place, one in enumerate(loaded.hotels))


def _load_hotel(one: ScenarioHotel, place: int, markets: dict[str, str]) -> LoadHotel:
    hotel, slug = one.hotel, one.hotel_id.lower()
    free = [
        rule.to_age for plan in hotel.rate_plans for rule in plan.child_rules if rule.order == 1 and not rule.factor
    ]
    return LoadHotel(
        hotel_id=one.hotel_id,
        time_zone=hotel.hotel.time_zone,
        currency=hotel.hotel.currency,
        markets=dict(markets),
        child_ages_free=min(free, default=0),
        most_adults=max(room_type.max_adults for room_type in hotel.room_types),
        hooks={channel: f"{channel}-{slug}" for channel in WIRES},
        chat=f"web_chat-{slug}",
        lost_reasons=tuple(reason.code for reason in hotel.lost_reasons),
        accounts={
            "whatsapp": f"1000000000{place:05d}",
            "instagram": f"1784000000{place:05d}",
            EXCHANGE: "ours",
        },
    )


async def make_tokens(settings: Settings, crew: Crew) -> dict[str, list[str]]:
    """Users, the operators present for the whole run, and a token for each: `operator-0`, `operator-1`, ... All in one
    step of the store, because a busy season has hundreds."""
    with ExitStack() as end:
        desk = open_desk(settings, at_end=end.callback)
        roles = ((Role.OPERATOR, crew.operators), (Role.SUPERVISOR, crew.supervisors), (Role.ADMIN, crew.admins))
        tokens = {role.value: [token_of(desk.ids.secret()) for _ in range(count)] for role, count in roles}
        now = desk.clock.now()

        def work(tx: Tx) -> None:
            for role, _ in roles:
                for number, token in enumerate(tokens[role.value]):
                    name = f"{role.value}-{number}"
                    tx.add_user(User(name, role, now))
                    tx.add_token(name, hash_of(token), now)
                    if role is Role.OPERATOR:
                        tx.put_presence(Presence(name, PresenceState.AVAILABLE, now, now + LONGEST, LANGUAGES))
            audit(
                tx,
                Actor(MAKER, Role.ADMIN, "cli"),
                now,
                "user_added",
                {role.value: str(count) for role, count in roles},
            )

        try:
            await desk.store.transact(work)
        finally:
            await desk.pms.close()
            await desk.store.close()
        return tokens


def write_tokens(folder: Path, tokens: object) -> None:
    """Into the run's folder, for the owner's eyes only; made with its mode, so that it is never readable."""
    path = folder / TOKENS
    path.touch(mode=0o600)
    path.write_text(json.dumps(tokens), encoding="utf-8")


def forget_tokens(folder: Path) -> None:
    """Delete them."""
    (folder / TOKENS).unlink(missing_ok=True)
