"""What the kit is filled with: the hotel file, channel settings, users, KPIs and readiness of a home, as they are now.

Read once; the documents are made from it and from nothing else. `values` are what sentences of all documents may name,
written as people of the language write them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cli.context import Session
from cli.golive.kit_kpis import Measured, measured
from cli.screens.reader import Reader
from domain.access import Role
from domain.channel_plan import PlanRow, plan_rows, span_words
from domain.contact import Channel
from domain.handoff import HandoffRules, Trigger
from domain.hotel import HotelTerms
from domain.hours_words import AS_IN_FILE
from domain.plan_words import plan_words
from domain.rates import DepositRule
from domain.roles import ChannelRole
from domain.sla import Targets
from integration.ports.serving import ServingRules
from integration.ports.store import ReadTx
from integration.usecases.channel_roles_live import (
    book_of,
    handoffs_of,
    hotel_on,
    lines_of,
    policy_of,
    roles_of,
    settings_now,
)
from integration.usecases.desk import Desk
from loadtests.checks import Check
from scenarios.schema.hotel import Hotel

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OneChannel:
    """A channel as it is set now. `hours`: lines that were set for it, empty for those of the hotel file."""

    channel: Channel
    role: ChannelRole
    targets: Targets
    hours: tuple[str, ...]
    languages: tuple[str, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Serves:
    """How the hotel serves, as of now. `warn_at`, `escalate_at`: parts of a target."""

    channels: tuple[OneChannel, ...]
    plan: tuple[PlanRow, ...]
    handoffs: HandoffRules
    rules: ServingRules
    warn_at: float
    escalate_at: float


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run of `golive check` has found; lines it did not look at are not among its checks."""

    run_id: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class KitFacts:
    """Everything. `users`: active ones by role; `readiness`: None before the first `golive check`;
    `start`: day one of the plan, None when it is not known yet."""

    hotel: HotelTerms
    file: Hotel
    users: Mapping[Role, tuple[str, ...]]
    serves: Serves
    measured: Measured
    readiness: Looked | None
    start: date | None
    reader: Reader
    values: Values

    @property
    def language(self) -> str:
        """`tr` or `en`."""
        return self.reader.language


def gathered(session: Session, readiness: Looked | None, start: date | None) -> KitFacts:
    """Read it all. NotFound without a home, or for a hotel that is not in it."""
    desk = session.desk
    hotel = desk.hotel(session.hotel_id)
    file = hotel_file(session, hotel.hotel_id)
    serves = session.run(lambda here: here.store.read(lambda tx: _serves(here, tx, hotel.hotel_id)))
    return KitFacts(
        hotel=hotel,
        file=file,
        users=session.run(lambda here: here.store.read(_users)),
        serves=serves,
        measured=measured(session, hotel, start),
        readiness=readiness,
        start=start,
        reader=session.reader,
        values=_values(hotel, file, serves, session.reader),
    )


def hotel_file(session: Session, hotel_id: str) -> Hotel:
    """The checked file of a hotel of the home."""
    from cli.wiring import Hotels

    known = session.desk.hotels
    hotels = known if isinstance(known, Hotels) else Hotels(session.settings.hotels_dir, date.min)
    return hotels.files[hotel_id]


def _users(tx: ReadTx) -> Mapping[Role, tuple[str, ...]]:
    active = [user for user in tx.list_users() if user.revoked_at is None]
    return {role: tuple(sorted(user.name for user in active if user.role is role)) for role in Role}


def _serves(desk: Desk, tx: ReadTx, hotel_id: str) -> Serves:
    now = desk.clock.now()
    roles, handoffs = roles_of(desk, tx, hotel_id, now), handoffs_of(desk, tx, hotel_id, now)
    book, alarms = book_of(desk, tx, hotel_id, now), policy_of(desk, tx, hotel_id, now, now).alarms
    set_now = settings_now(tx, hotel_id, now)
    channels = tuple(
        _channel(
            hotel_on(desk, tx, hotel_id, channel),
            channel,
            roles[channel],
            set_now.get(channel, {}),
            book.targets(channel, (), now.timestamp()),
        )
        for channel in Channel
        if channel in roles
    )
    plan = plan_rows(roles, handoffs, book, now.timestamp())
    return Serves(channels, plan, handoffs, desk.serving.rules(hotel_id), alarms.warn_at, alarms.escalate_at)


def _channel(
    hotel: HotelTerms, channel: Channel, role: ChannelRole, found: Mapping[str, object], targets: Targets
) -> OneChannel:
    """`hotel`: as it speaks there; `found`: what was set for the channel."""
    notice = " ".join(one for one in (hotel.notice_version, hotel.notice_url) if one)
    lines = lines_of(found.get("hours"))
    return OneChannel(channel, role, targets, () if lines == (AS_IN_FILE,) else lines, hotel.languages, notice)


def _values(hotel: HotelTerms, file: Hotel, serves: Serves, t: Reader) -> Values:
    """What sentences may name."""
    rules, say = hotel.rules, plan_words(t.language)

    def lasts(span: timedelta | float) -> str:
        return span_words(span.total_seconds() if isinstance(span, timedelta) else span, say)

    turns = [one.min_turns for one in serves.handoffs.rules if one.trigger is Trigger.UNSOLVED_TURNS]
    return {
        "hotel": hotel.name,
        "hold": lasts(rules.hold),
        "option": lasts(rules.option),
        "quote": lasts(rules.quote_valid),
        "cut_off": f"{rules.arrival_cut_off:%H:%M}",
        "deposit": deposit_words(hotel.default_deposit, t.language),
        "group_rooms": rules.group_rooms,
        "holds_most": rules.max_live_holds,
        "few_left": rules.few_left,
        "max_nights": rules.max_nights,
        "settle": lasts(rules.settle),
        "join": lasts(rules.join_window),
        "rollback_most": rules.rollback_supervisor_above,
        "callback": lasts(serves.handoffs.callback_within_s),
        "turns": min(turns, default=0),
        "warn": f"{serves.warn_at:.0%}".rstrip("%"),
        "escalate": f"{serves.escalate_at:.0%}".rstrip("%"),
        "notify": hotel.escalate_to or "-",
        "notice": hotel.notice_version or "-",
        "requests": len(hotel.requests),
        "lost_reasons": len(hotel.lost_reasons),
        "upsells": _labels([one.labels for one in hotel.upsells], t.language),
        "promotions": ", ".join(one.code for one in file.promotions) or "-",
    }


def _labels(labels: Sequence[Mapping[str, str]], language: str) -> str:
    return ", ".join(one.get(language, "") for one in labels) or "-"


def deposit_words(rule: DepositRule, language: str) -> str:
    """`1 night`, `30 % of the total`."""
    from cli.golive.kit_said import said

    name, count = ("nights", rule.nights) if rule.percent is None else ("percent", f"{rule.percent:f}")
    return str(said("common", language, {"count": count})[name])


def many(values: Values, **more: Any) -> dict[str, object]:  # noqa: ANN401 - whatever a sentence names
    """The values of all documents and a few of one."""
    return {**values, **more}
