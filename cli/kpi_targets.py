"""The work of `santral kpi calibrate`: from what was typed to a proposal, a decision, or the demand as a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.inputs import a_day, a_day_or_none, an_instant
from domain.errors import InvalidInput
from integration.usecases.kpi_calibrate import approve_targets, decline_targets, list_proposals, propose_targets

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FitAsked:
    """Where the scenario goes, what it builds on, and the rooms of the hotel."""

    out: Path
    base: str
    rooms: int | None = None
    is_forced: bool = False


def check_one(*, propose: bool, approve: str | None, decline: str | None, listed: bool) -> None:
    """InvalidInput for two wishes at once."""
    if sum((propose, approve is not None, decline is not None, listed)) > 1:
        raise InvalidInput("Propose, approve, decline or list: one at a time.", field="propose")


def proposed(session: Session, last: str | None, without: Sequence[str], fit: FitAsked | None) -> Body:
    """Propose; with a scenario to write, what was fitted stands beside it."""
    until, left_out = a_day_or_none(last, "to"), [a_day(one, "without") for one in without]
    body = session.run(
        lambda desk: propose_targets(desk, session.actor, session.hotel_id, last=until, without=left_out)
    )
    if fit is None:
        return body
    from cli.kpi_fit import fitted_demand

    told = fitted_demand(session, body, fit)
    return {**body, "scenario_file": told["out"], "fitted": told["rows"]}


def decided(
    session: Session, approve: str | None, decline: str | None, since: str | None, channels: tuple[str, ...]
) -> Body:
    """Approve or decline."""
    if decline is not None:
        return session.run(lambda desk: decline_targets(desk, session.actor, decline))
    proposal_id = approve or ""
    begin = None if since is None else _effective(session, since)
    return session.run(lambda desk: approve_targets(desk, session.actor, proposal_id, since=begin, channels=channels))


def _effective(session: Session, typed: str) -> datetime:
    """An instant as typed; a day is its first moment at the hotel."""
    try:
        day = a_day(typed, "from")
    except InvalidInput:
        return an_instant(typed, session.desk.clock.now(), _zone(session), "from")
    return datetime.combine(day, time(), _zone(session)).astimezone(UTC)


def _zone(session: Session) -> Any:  # noqa: ANN401 - a tzinfo
    desk = session.desk
    return (desk.hotel(session.hotel_id) if session.hotel_id else next(iter(desk.hotels.values()))).zone


def listed(session: Session) -> Body:
    """All proposals."""
    return session.run(lambda desk: list_proposals(desk, session.actor, session.hotel_id))
