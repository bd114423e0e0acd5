"""A home that is ready, and a hundred ways in which it is not: answers altered on their way, terms, books, tokens."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cli.demo_client import Reply
from cli.golive.ground import Ground, Talker, ground
from cli.golive.lines import BY_SLUG, LINES, Stands
from cli.golive.readiness import look
from cli.loadtest.run_home import Crew, make_run_home, make_tokens
from cli.loadtest.wishes import LoadWish, settle
from domain.hotel import HotelTerms
from domain.reservation import Guarantee, ReservationState
from integration.adapters.clock import SystemClock
from integration.settings import Settings, settings_from
from loadtests.checks import Check, Section
from loadtests.words import CheckStatus
from tests.loadtests.misbehaving import Lie, a_liar

Json = dict[str, Any]
Spoil = Callable[[Ground], Ground]


@dataclass
class Altered:
    """A talker whose answers on some paths are changed, in their body or their status."""

    talker: Talker
    part: str
    change: Callable[[Json], object]
    status: int | None = None

    async def get(self, path: str) -> Reply:
        return self._changed(path, await self.talker.get(path))

    async def post(self, path: str, body: Json, *, key: str | None = None) -> Reply:
        return self._changed(path, await self.talker.post(path, body, key=key))

    def _changed(self, path: str, reply: Reply) -> Reply:
        if self.part not in path:
            return reply
        body = dict(reply.body)
        self.change(body)
        return Reply(self.status or reply.status, reply.headers, body)


class EmptyPms:
    """A PMS that has lost every reservation."""

    async def read_booking(self, *_: object) -> None:
        return None


def answers(part: str, *, status: int | None = None, **values: Any) -> Spoil:
    """Answers whose path has `part` say these values."""

    def change(body: Json) -> None:
        body.update(values)

    def spoil(one: Ground) -> Ground:
        agents = (Altered(who, part, change, status) for who in (one.operator, one.supervisor))
        operator, supervisor = agents
        return replace(one, operator=operator, supervisor=supervisor, kept={})

    return spoil


def rows(part: str, name: str, **values: Any) -> Spoil:
    """The same for each row of a list in them."""

    def change(body: Json) -> None:
        body[name] = [{**row, **values} for row in body.get(name, ())]

    return lambda one: replace(one, operator=Altered(one.operator, part, change), kept={})


def terms(change: Callable[[HotelTerms], HotelTerms]) -> Spoil:
    """Other hotel files."""

    def spoil(one: Ground) -> Ground:
        hotels = {name: change(hotel) for name, hotel in one.config.hotels.items()}
        return replace(one, config=replace(one.config, hotels=hotels), hotel=change(one.hotel), kept={})

    return spoil


def _without_codes(hotel: HotelTerms) -> HotelTerms:
    return replace(hotel, pms=replace(hotel.pms, cancel_codes={}))


def _mixed_codes(hotel: HotelTerms) -> HotelTerms:
    codes = {**hotel.pms.guarantee_codes, Guarantee.DEPOSIT: hotel.pms.guarantee_codes[ReservationState.HOLD]}
    return replace(hotel, pms=replace(hotel.pms, guarantee_codes=codes))


def _no_reserve(one: Ground) -> Ground:
    lost = Check(Section.INTEGRITY, "in_pms_before_call_end", "100 %", "80.0 %", CheckStatus.FAIL)
    return replace(one, checks=(lost,))


BROKEN: dict[str, Spoil] = {
    "live_price": rows("/v1/quotes", "choices", available_rooms=999),
    "guest_history": answers("/v1/calls", pms_read=False),
    "status_mapping": terms(_without_codes),
    "one_record_in_call": _no_reserve,
    "rollback_and_log": answers("/v1/audit/tail", rows=[]),
    "one_screen": rows("/v1/quotes", "choices", cancellation_policy=None),
    "warnings": answers("/v1/quotes", closed=[]),
    "repeat_guest": answers("/v1/calls", repeat=False),
    "offer_one_click": answers("/v1/offers", status=503, code="channel_down"),
    "masked_data": lambda one: replace(one, operator=one.supervisor),
    "made_on_one_screen": answers("/v1/reservations", status=None, pms_ref="1"),
    "hold_time": lambda one: one,
    "confirms_itself": lambda one: replace(
        one, operator=Altered(one.operator, "/pay", lambda body: body.update(status="hold")), kept={}
    ),
    "cancel_no_show": lambda one: replace(
        one, operator=Altered(one.operator, "/cancel", lambda body: body.update(status="confirmed"))
    ),
    "rollback_reservation": lambda one: replace(
        one, operator=Altered(one.operator, "/v1/reservations/", lambda body: body.update(room_type="OTHER")), kept={}
    ),
    "one_lead_queue": answers("/v1/leads?", cases=[]),
    "lead_matched": answers("/v1/leads", guest_id="gst_other"),
    "lead_status": answers("/start", lead="open"),
    "lost_reason": answers("/lose", status=200, lost_reason=None),
    "consents": terms(lambda hotel: replace(hotel, notice_url="")),
    "kpis_match_pms": lambda one: replace(one, config=replace(one.config, pms=EmptyPms())),  # type: ignore[arg-type]
    "reasons_recorded": answers("/end", status=200, lost_reason=None),
    "dashboard": answers("/v1/kpis/board", status=404),
    "role_access": lambda one: replace(one, operator=one.supervisor),
    "training": lambda one: replace(one, procedure=Path("nowhere.md")),
    "roles_defined": lambda one: one,
    "masking_retention": lambda one: one,
    "hold_confirmed_mapping": terms(_mixed_codes),
    "rollback_mechanism": lambda one: replace(
        one, supervisor=Altered(one.supervisor, "/v1/audit/verify", lambda body: body.update(status="tampered"))
    ),
    "kpi_dashboard": answers("/v1/kpis?", rows=[]),
    "one_case_id": answers("/v1/calls", case_id="cas_other"),
    "first_response_clock": rows("/v1/channels", "rows", first_response_s=None),
    "tags": answers("/tags", tags=["vip"]),
    "duplicates_merged": answers("/person", files=[{}]),
    "targets_calibrated": lambda one: one,
}


def settings_of(folder: Path) -> Settings:
    """Of a home in a folder, at the hour of the smoke scenario."""
    now = SystemClock().now()
    settled = settle(LoadWish("smoke", folder))
    own = settings_from({"SANTRAL_HOME": str(folder / "home")}, now, folder)
    return replace(own, clock_offset=settled.start - now)


def make_home(folder: Path) -> Settings:
    """A home of the smoke scenario without users."""
    own = settings_of(folder)
    make_run_home(own, settle(LoadWish("smoke", folder)), 7, SystemClock().now())
    return own


def shown_home(folder: Path, settings: Settings) -> Settings:
    """The set-up of a hotel that has thought of everything: users of all roles, holds of 20 minutes, retention."""
    asyncio.run(make_tokens(settings, Crew(1, 1, 1)))
    ready = folder / "ready"
    (ready / "hotels").mkdir(parents=True)
    for path in settings.hotels_dir.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (ready / "hotels" / path.name).write_text(f"{text}\n[retention]\nguests_days = 730\n", encoding="utf-8")
    return replace(settings, home=ready)


def held_20_minutes(one: Ground) -> Ground:
    """A ground whose hotels hold for 20 minutes, as far as their files are asked."""
    rules = {name: replace(hotel, rules=replace(hotel.rules, hold=timedelta(minutes=20)))
             for name, hotel in one.config.hotels.items()}  # fmt: skip
    return replace(one, config=replace(one.config, hotels=rules))


async def looked(one: Ground, spoils: dict[str, Spoil]) -> dict[str, Stands]:
    """Each line on a ground that is spoilt for it."""
    return {slug: await look(spoil(one), BY_SLUG[slug]) for slug, spoil in spoils.items()}


def examined(folder: Path) -> tuple[dict[str, Stands], dict[str, Stands], dict[Lie, dict[str, Stands]]]:
    """Every line where all is well, every line where it is not, and what a lying service does to the list."""
    own = make_home(folder)

    async def bad() -> tuple[dict[str, Stands], dict[Lie, dict[str, Stands]]]:
        async with ground(own, os.environ, folder) as one:
            await look(one, BY_SLUG["live_price"])
            found = await looked(one, BROKEN)
            lies = {lie: await _lied_to(one, lie) for lie in (Lie.WRONG_PRICE, Lie.DOUBLES, Lie.CONFIRMS_HOLDS)}
            return found, lies

    broken, lies = asyncio.run(bad())
    shown = shown_home(folder, own)

    async def well() -> dict[str, Stands]:
        async with ground(own, os.environ, folder) as one:
            fit = replace(held_20_minutes(one), shown=replace(one.shown, home=shown.home))
            found = {}
            for line in LINES:
                at = one if line.slug in NEED_STORE else fit
                found[line.slug] = await look(at, line)
            return found

    return asyncio.run(well()), broken, lies


NEED_STORE = frozenset({"reasons_recorded", "targets_calibrated"})
SOLD = ("live_price", "made_on_one_screen", "one_record_in_call")


async def _lied_to(one: Ground, lie: Lie) -> dict[str, Stands]:
    from cli.demo_client import Agent

    async with a_liar(one.guest_url, lie) as (url, _), Agent(url, _token(one.operator)) as agent:
        return await looked(replace(one, operator=agent, kept={}), dict.fromkeys(SOLD, lambda same: same))


def _token(talker: Talker) -> str:
    return str(getattr(talker, "token"))  # noqa: B009 - a talker is an agent here
