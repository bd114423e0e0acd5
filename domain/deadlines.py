"""Deadlines: when a hold or an option lapses.

A hold lasts minutes, an option hours, both set by the hotel. An option never outlives the hotel's cut-off on the day of
arrival (local time of the hotel), however long it was asked for. Instants are UTC; days are the hotel's days.
"""

from datetime import date, datetime, time, timedelta, tzinfo

from domain.errors import InvalidInput, Refused


def hotel_day(now: datetime, zone: tzinfo) -> date:
    """The hotel's calendar day at an instant."""
    return now.astimezone(zone).date()


def cut_off_instant(check_in: date, cut_off: time, zone: tzinfo) -> datetime:
    """The instant on the day of arrival after which no option may stand."""
    return datetime.combine(check_in, cut_off, tzinfo=zone)


def local_text(moment: datetime, zone: tzinfo | None) -> str:
    """An instant in a sentence, as the hotel's clock shows it: `2027-07-10 18:00`."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def hold_deadline(now: datetime, length: timedelta) -> datetime:
    """When a hold placed now lapses."""
    return now + length


def option_deadline(now: datetime, length: timedelta, latest: datetime) -> datetime:
    """When an option taken now lapses: after `length`, at the cut-off `latest` at most. Refused when that is over."""
    deadline = min(now + length, latest)
    if deadline <= now:
        raise Refused("It is past the hotel's cut-off for options on this arrival; confirm or let go.")
    return deadline


def extended_deadline(now: datetime, current: datetime, until: datetime, latest: datetime) -> datetime:
    """The new deadline of an extension; InvalidInput when it is not later, Refused beyond the cut-off.

    `latest` is in the hotel's zone, in which the sentences say instants.
    """
    if until <= now or until <= current:
        raise InvalidInput(
            "The new deadline must be later than {current}.", current=local_text(current, latest.tzinfo), field="until"
        )
    if until > latest:
        raise Refused(
            "Neither hold nor option can outlive the hotel's arrival cut-off {latest}.",
            latest=local_text(latest, latest.tzinfo),
        )
    return until
