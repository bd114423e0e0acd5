"""Where readiness is proved by doing: a service of our own on a home, its users, and a direct look into the PMS.

The home is a run's own, or a copy of the hotel's; the PMS is always the mock in it, and messages go to the stand-ins in
it, so that a wrong reservation can be made and undone without anybody noticing. Requests go through HTTP with tokens,
as the agents' screens send them. `shown` is the home whose set-up is asked about; it is only read.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from cli.demo_client import Agent, Reply
from cli.demo_guest import channels_text
from cli.golive.facts import Missing
from cli.loadtest.processes import Server
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.hotel import HotelTerms
from domain.reservation import PmsRef, ReservationState
from domain.stay import StayDates
from integration.adapters.clock import SystemClock
from integration.ports.pms import BookingSearch, PmsBooking
from integration.settings import Settings
from integration.usecases.desk import Desk
from integration.usecases.keep_users import add_user, make_token
from loadtests.checks import Check
from pms_mock import control

Body = dict[str, Any]
AHEAD, WEEKS = timedelta(days=45), 40
FRESH_S = 0.001
PROCEDURE = Path(__file__).resolve().parent / "kit_texts" / "rollback.toml"
REFUSED = 400
MAKER = Actor("golive", Role.ADMIN, "golive")
NUMBERS = "+4915123456{:03d}"
# What the environment may say of another Santral, which must not reach this one.
_OTHERS = ("SANTRAL_HOTEL", "SANTRAL_OUTBOUND", "SANTRAL_PMS_URL", "SANTRAL_AUDIT_KEY", "SANTRAL_AUDIT_CHECKPOINTS")


class Talker(Protocol):
    """Somebody with a token."""

    async def get(self, path: str) -> Reply:
        """Read."""
        ...

    async def post(self, path: str, body: Body, *, key: str | None = None) -> Reply:
        """Write, under a key when one is given."""
        ...


@dataclass
class Ground:
    """What probes work with. `settings`, `desk`: of the home they write in; `shown`, `config`: of the home whose set-up
    counts; `checks`: what the audit after the load has found; `procedure`: the page that training follows; `kept`: what
    one probe leaves for the next."""

    settings: Settings
    shown: Settings
    desk: Desk
    config: Desk
    hotel: HotelTerms
    operator: Talker
    supervisor: Talker
    guest_url: str
    environ: Mapping[str, str] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    procedure: Path = PROCEDURE
    kept: dict[str, Any] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def today(self) -> date:
        """The hotel's."""
        return self.hotel.today(self.desk.clock.now())

    def fresh(self) -> str:
        """A word nobody has used."""
        return f"golive-{next(self.numbers)}"

    def phone(self) -> str:
        """A number that looks like one; all that is sent to it stays in the stand-ins."""
        return NUMBERS.format(next(self.numbers) % 1000)

    async def post(self, path: str, body: Body, who: Talker | None = None) -> Body:
        """A write that must succeed: its answer. Missing when it is refused."""
        reply = await (who or self.operator).post(path, body, key=self.fresh())
        return good(reply, path)

    async def get(self, path: str, who: Talker | None = None) -> Body:
        """The same for a look."""
        return good(await (who or self.operator).get(path), path)

    async def refused(self, path: str, body: Body, who: Talker | None = None) -> int:
        """The status of a write that should be refused."""
        return (await (who or self.operator).post(path, body, key=self.fresh())).status

    async def quote(self, check_in: date, nights: int = 2, **more: object) -> Body:
        """A quote for two."""
        wish = {"check_in": check_in.isoformat(), "nights": nights, "adults": 2, "hotel": self.hotel.hotel_id, **more}
        return good(await self.operator.post("/v1/quotes", wish), "/v1/quotes")

    async def open_day(self, nights: int = 2) -> date:
        """A day well ahead on which a stay can be had; another one each time."""
        first = self.kept.get("open_day", self.today + AHEAD)
        for week in range(WEEKS):
            day: date = first + timedelta(weeks=week)
            if (await self.quote(day, nights))["choices"]:
                self.kept["open_day"] = day + timedelta(days=1)
                return day
        raise Missing(f"no room can be had from {first} on")

    async def sell(self, to: str = "confirmed", check_in: date | None = None, **more: object) -> Body:
        """A reservation of two nights for somebody new."""
        quote = await self.quote(check_in or await self.open_day(), 2, **_only(more, "call_id"))
        if not quote["choices"]:
            raise Missing(f"no room can be had on {quote['check_in']}")
        guest = {} if "guest_id" in more else {"guest": {"name": "Deniz Aksoy", "phone": self.phone()}}
        wish = {"to": to, "offer_id": quote["offer_id"], "pick": quote["choices"][0]["pick"], **guest, **more}
        wish |= {"guarantee": "card"} if to == "confirmed" else {}
        return await self.post("/v1/reservations", wish)

    async def in_pms(self, pms_ref: str) -> PmsBooking:
        """The hotel's own record. Missing when there is none."""
        found = await self.desk.pms.read_booking(self.hotel, PmsRef(pms_ref)) if pms_ref else None
        if found is None:
            raise Missing(f"no PMS record {pms_ref or '-'}")
        return found

    async def live_records(self, pms_ref: str) -> int:
        """How many live records of the PMS carry this one's reference."""
        one = await self.in_pms(pms_ref)
        found = await self.desk.pms.find_bookings(self.hotel, BookingSearch(reference=one.references[0]))
        return sum(self.hotel.pms.states.get(each.status) is not ReservationState.CANCELLED for each in found)

    async def rooms_left(self, room_type: str, check_in: str, nights: int) -> int:
        """Rooms of a type that are free on all nights, as the PMS counts them."""
        stay = StayDates.of_nights(date.fromisoformat(check_in), nights)
        return (await self.desk.pms.read_room_counts(self.hotel, stay)).least(room_type, stay)


def good(reply: Reply, what: str) -> Body:
    """The body of an answer. Missing when it is a refusal."""
    if reply.status >= REFUSED:
        raise Missing(f"{what}: {reply.status} {reply.body.get('code', '')}".strip())
    return dict(reply.body)


def _only(more: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: more[name] for name in names if name in more}


@asynccontextmanager
async def ground(
    settings: Settings, environ: Mapping[str, str], folder: Path, shown: Settings | None = None,
    checks: Sequence[Check] = (),
) -> AsyncIterator[Ground]:  # fmt: skip
    """A service on the home of `settings`, whose PMS is the mock in it; logs go into `folder`. `shown`: whose set-up
    counts, None for the same. StoreUnavailable when the service does not come up; the errors of a home."""
    own = replace(settings, pms_url="", hotel="", read_cache_s=FRESH_S)
    _on_our_clock(own)
    async with AsyncExitStack() as end:
        desk = await _opened(own, end)
        hotel = next(iter(desk.hotels.values()))
        config = desk if shown is None else await _opened(shown, end)
        channels = folder / "golive-channels.toml"
        channels.write_text(channels_text(hotel.hotel_id), encoding="utf-8")
        end.callback(channels.unlink, missing_ok=True)
        server = Server("golive", ("serve",), _env(own, environ, channels), folder)
        end.push_async_callback(server.stop)
        url = await server.start()
        tokens = [await _token(desk, role) for role in (Role.OPERATOR, Role.SUPERVISOR)]
        agents = [await end.enter_async_context(Agent(url, token)) for token in tokens]
        operator, supervisor = agents
        yield Ground(own, shown or own, desk, config, hotel, operator, supervisor, url, environ, checks)


def _on_our_clock(settings: Settings) -> None:
    """The mock is embedded here and shifted as we are: its own shift, of a run that is over, is taken back."""
    store = control.open_store(str(settings.mock_path))
    try:
        control.clock(store, set=SystemClock().now())
        control.clear_faults(store)
    finally:
        store.close()


async def _opened(settings: Settings, end: AsyncExitStack) -> Desk:
    desk = open_desk(settings, at_end=end.callback)
    end.push_async_callback(desk.store.close)
    end.push_async_callback(desk.pms.close)
    return desk


def _env(settings: Settings, environ: Mapping[str, str], channels: Path) -> Callable[[], Mapping[str, str]]:
    def env() -> Mapping[str, str]:
        now = SystemClock(settings.clock_offset).now()
        return {
            **environ, **dict.fromkeys(_OTHERS, ""), "SANTRAL_HOME": str(settings.home), "SANTRAL_LANG": "en",
            "SANTRAL_DATABASE_URL": settings.database_url, "SANTRAL_CHANNELS": str(channels),
            "SANTRAL_AS_OF": now.isoformat(),
        }  # fmt: skip

    return env


async def _token(desk: Desk, role: Role) -> str:
    """A user of a role, made as IT would make it."""
    known = {one.name for one in await desk.store.read(lambda tx: tx.list_users())}
    name = next(word for number in range(100) if (word := f"golive-{role.value}-{number}") not in known)
    await add_user(desk, MAKER, name, role)
    return await make_token(desk, MAKER, name)
