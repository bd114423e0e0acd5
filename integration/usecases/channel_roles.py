"""What the channels of a hotel are for, within what time they answer, and when they hand over: shown, set, drawn.

What is shown and drawn is made from the rules that decide (`domain.channel_plan`), so the picture on the wall cannot
differ from what happens. A setting is a new version from an instant on; nothing is overwritten and no case that began
before is judged by it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor, Permission
from domain.channel_drawing import flow_svg
from domain.channel_plan import PlanRow, flow_diagram, life_diagram, plan_rows, plan_table
from domain.contact import Channel
from domain.errors import InFlight, InvalidInput
from domain.hours import is_open
from domain.hours_words import AS_IN_FILE, tidy
from domain.roles import ChannelRole
from integration.ports.queue_records import ChannelSetting
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.channel_roles_live import (
    TARGETS,
    book_of,
    handoffs_of,
    hotel_on,
    lines_of,
    policy_of,
    roles_of,
    settings_now,
)
from integration.usecases.desk import Desk
from integration.usecases.once import Claim, Kept, once
from integration.usecases.tracing import audit
from integration.usecases.views import instant

SPOKEN = frozenset({"tr", "en", "de", "ru"})
MOST_VERSION = 40
_NOTICE = ("notice_url", "notice_version")
_URL = re.compile(r"(https://[^\s]{4,300})?")
MOST_TURNS = 20
MOST_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """What to set; None = as it is. Seconds of open time; `turns`: unsolved turns that hand over, 0 for never;
    `since`: from when on, now unless it is said; `hours`: lines of `domain.hours_words`, or `hotel` for the hotel
    file's; `languages` machines write in there; `notice_url` and `notice_version` of the notice of data use."""

    role: ChannelRole | None = None
    first_response_s: float | None = None
    next_response_s: float | None = None
    resolution_s: float | None = None
    turns: int | None = None
    since: datetime | None = None
    hours: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    notice_url: str | None = None
    notice_version: str | None = None

    def document(self) -> dict[str, object]:
        """What is set, by name."""
        found: dict[str, object] = {"role": self.role.value if self.role else None, "turns": self.turns}
        found |= {name: getattr(self, name) for name in (*TARGETS, *_NOTICE)}
        found["hours"] = None if self.hours is None else list(self.hours)
        found["languages"] = None if self.languages is None else list(self.languages)
        return {name: value for name, value in found.items() if value is not None}


async def list_channels(desk: Desk, actor: Actor, hotel_id: str | None) -> Body:
    """The scenario-channel table of a hotel: each channel's role and targets, then where it hands over and when."""
    actor.require(Permission.READ)
    hotel = desk.hotel(hotel_id).hotel_id

    def work(tx: ReadTx) -> Body:
        return {"hotel_id": hotel, "rows": [_row_body(row) for row in _plan(desk, tx, hotel)]}

    return await desk.store.read(work)


def _plan(desk: Desk, tx: ReadTx, hotel_id: str) -> tuple[PlanRow, ...]:
    now = desk.clock.now()
    roles, rules = roles_of(desk, tx, hotel_id, now), handoffs_of(desk, tx, hotel_id, now)
    return plan_rows(roles, rules, book_of(desk, tx, hotel_id, now), now.timestamp())


def _row_body(row: PlanRow) -> Body:
    return {
        "channel": row.channel.value,
        "role": row.role.value,
        "scenario": row.scenario,
        "when": list(row.when),
        "to": [one.value for one in row.to],
        "first_response_s": row.first_response_s,
        "resolution_s": row.resolution_s,
    }


async def show_channel(desk: Desk, actor: Actor, hotel_id: str | None, channel: str) -> Body:
    """One channel: what counts now, and every version of what was set."""
    actor.require(Permission.READ)
    hotel, one = desk.hotel(hotel_id).hotel_id, channel_called(channel)
    return await desk.store.read(lambda tx: _channel_body(desk, tx, hotel, one))


def channel_called(name: str) -> Channel:
    """The channel; InvalidInput for none that has a role."""
    known = [one.value for one in Channel if one is not Channel.PAYMENT]
    if name.lower() not in known:
        raise InvalidInput("{text} is not a channel.", text=name[:40], hint=", ".join(known), field="channel")
    return Channel(name.lower())


def _channel_body(desk: Desk, tx: ReadTx, hotel_id: str, channel: Channel) -> Body:
    now = desk.clock.now()
    targets = book_of(desk, tx, hotel_id, now).targets(channel.value, (), now.timestamp())
    own = [row for row in _plan(desk, tx, hotel_id) if row.channel is channel]
    versions = [one for one in tx.channel_settings(hotel_id) if one.channel is channel]
    return {
        "hotel_id": hotel_id,
        "channel": channel.value,
        "role": roles_of(desk, tx, hotel_id, now)[channel].value,
        **{name: getattr(targets, name) for name in TARGETS},
        **_speaks(desk, tx, hotel_id, channel),
        "handoffs": [_row_body(row) for row in own[1:]],
        "versions": [_version_body(one) for one in versions],
    }


def _speaks(desk: Desk, tx: ReadTx, hotel_id: str, channel: Channel) -> Body:
    """Hours as they were set (None: the hotel file's), whether it is open now, languages and notice."""
    now, hotel = desk.clock.now(), hotel_on(desk, tx, hotel_id, channel)
    lines = lines_of(settings_now(tx, hotel_id, now).get(channel, {}).get("hours"))
    return {
        "hours": list(lines) if lines and lines != (AS_IN_FILE,) else None,
        "open_now": is_open(now.timestamp(), policy_of(desk, tx, hotel_id, now, now).spans(channel.value)),
        "languages": list(hotel.languages),
        "notice_url": hotel.notice_url or None,
        "notice_version": hotel.notice_version or None,
    }


def _version_body(one: ChannelSetting) -> Body:
    return {
        "version": one.version,
        "effective_from": instant(one.effective_from),
        "set_by": one.set_by,
        "set_at": instant(one.set_at),
        **{name: one.document.get(name) for name in ("role", *TARGETS, "turns", "hours", "languages", *_NOTICE)},
    }


async def set_channel(
    desk: Desk, actor: Actor, hotel_id: str | None, channel: str, wish: ChannelWish, key: str
) -> Answer:
    """Set what a channel is for, its targets and hours, after how many turns it hands over, and how the house speaks
    there. For administrators."""
    actor.require(Permission.ADMINISTER)
    hotel, one = desk.hotel(hotel_id).hotel_id, channel_called(channel)
    wish = _checked(wish, desk.clock.now())

    async def run(claim: Claim) -> Body:
        return await desk.store.transact(lambda tx: _set(desk, tx, actor, (hotel, one), wish, claim))

    async def rebuild(_kept: Kept) -> Body:
        return await show_channel(desk, actor, hotel, one.value)

    command = {"channel": one.value, "since": instant(wish.since), **wish.document()}
    return await once(desk, actor, hotel, key, verb="set_channel", command=command, run=run, rebuild=rebuild)


def _checked(wish: ChannelWish, now: datetime) -> ChannelWish:
    """The wish in one spelling; InvalidInput for what cannot be meant."""
    if not wish.document():
        raise InvalidInput("Say what to set.", hint="role, first_response, resolution, turns, hours, languages, ...")
    _check_numbers(wish, now)
    url = wish.notice_url or ""
    if not _URL.fullmatch(url):
        raise InvalidInput(
            "{text} is not an address such as https://hotel.example/kvkk.", text=url[:60], field="notice_url"
        )
    if wish.notice_version is not None and len(wish.notice_version) > MOST_VERSION:
        raise InvalidInput("A version has at most {most} characters.", most=MOST_VERSION, field="notice_version")
    languages = wish.languages
    if languages is not None:
        languages = tuple(dict.fromkeys(one.strip().lower() for one in languages))
        if not languages or not set(languages) <= SPOKEN:
            raise InvalidInput("Machines write in tr, en, de and ru.", field="language")
    return replace(wish, hours=None if wish.hours is None else tidy(wish.hours), languages=languages)


def _check_numbers(wish: ChannelWish, now: datetime) -> None:
    if wish.turns is not None and not 0 <= wish.turns <= MOST_TURNS:
        raise InvalidInput("Turns are 0 to {most}.", most=MOST_TURNS, field="turns")
    for name in TARGETS:
        seconds = getattr(wish, name)
        if seconds is not None and not 1 <= seconds <= MOST_SECONDS:
            raise InvalidInput("A target is 1 second to 30 days.", field=name)
    if wish.since is not None and wish.since < now:
        raise InvalidInput("A setting counts from now on or later; what is past is judged as it was.", field="since")


def _set(desk: Desk, tx: Tx, actor: Actor, where: tuple[str, Channel], wish: ChannelWish, claim: Claim) -> Body:
    (hotel_id, channel), now = where, desk.clock.now()
    since = wish.since or now
    before: Mapping[str, object] = settings_now(tx, hotel_id, since).get(channel, {})
    last = max((one.version for one in tx.channel_settings(hotel_id) if one.channel is channel), default=0)
    document = {**before, **wish.document()}
    if not tx.add_channel_setting(ChannelSetting(hotel_id, channel, last + 1, since, actor.name, now, document)):
        raise InFlight("Somebody else is setting this channel right now.", field="channel")
    ids = {"hotel_id": hotel_id, "channel": channel.value, "version": str(last + 1)}
    audit(tx, actor, now, "channel_set", ids, fields=tuple(sorted(wish.document())))
    claim.settle(tx, f"{channel.value}:{last + 1}", now)
    return _channel_body(desk, tx, hotel_id, channel)


async def draw_channels(desk: Desk, actor: Actor, hotel_id: str | None, language: str) -> Body:
    """The deliverables, from the live rules: the table in words, the flow as Mermaid and as SVG, a handoff's life."""
    actor.require(Permission.READ)
    hotel = desk.hotel(hotel_id).hotel_id

    def work(tx: ReadTx) -> Body:
        rules = handoffs_of(desk, tx, hotel, desk.clock.now())
        headings, lines = plan_table(_plan(desk, tx, hotel), language)
        return {
            "hotel_id": hotel,
            "language": language,
            "headings": list(headings),
            "table": [list(line) for line in lines],
            "flow": flow_diagram(rules, language),
            "life": life_diagram(language),
            "svg": flow_svg(rules, language),
        }

    return await desk.store.read(work)
