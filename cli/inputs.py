"""From what is typed to what the rules take: days, lengths of time, instants, money, request codes.

Whatever cannot be meant is an InvalidInput with one sentence that names the option.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from domain.contact import Channel
from domain.errors import InvalidInput
from domain.money import Money
from domain.outbound import ConsentState
from domain.reservation import Guarantee

_LENGTH = re.compile(r"\+?(\d{1,4})\s*(m|min|h|d)", re.IGNORECASE)
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def a_day(typed: str, field: str) -> date:
    """`2027-07-10`."""
    if _DAY.fullmatch(typed):
        try:
            return date.fromisoformat(typed)
        except ValueError:
            pass
    raise InvalidInput("{text} is not a day such as 2027-07-10.", text=typed[:40], field=field)


def a_day_or_none(typed: str | None, field: str) -> date | None:
    """A day, if one was typed."""
    return a_day(typed, field) if typed is not None else None


def a_folder(typed: str | Path) -> Path:
    """A folder to write into; InvalidInput for nothing, which is what a shell makes of a name it does not know."""
    if not str(typed).strip():
        raise InvalidInput("Name a folder; a dot is this one.", field="out")
    return Path(typed)


def a_length(typed: str, field: str) -> timedelta:
    """`30m`, `24h`, `2d`, with or without a plus."""
    found = _LENGTH.fullmatch(typed.strip())
    if found is None:
        raise InvalidInput("{text} is not a length of time such as 30m, 24h or 2d.", text=typed[:40], field=field)
    return timedelta(**{_UNITS[found[2].lower()]: int(found[1])})


def an_instant(typed: str, now: datetime, zone: tzinfo, field: str) -> datetime:
    """`2027-07-01T18:00Z`, `2027-07-01T18:00` or `18:00` (today) in the hotel's time, or `+2h` from now."""
    if typed.startswith("+"):
        return now + a_length(typed, field)
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", typed):
            hour, minute = map(int, typed.split(":"))
            moment = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
        else:
            moment = datetime.fromisoformat("" if _DAY.fullmatch(typed) else typed)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(
            "{text} is not an instant such as 2027-07-01T18:00, 18:00 or +2h.", text=typed[:40], field=field
        ) from None


def an_amount(typed: str, currency: str) -> Money:
    """A decimal amount of a currency."""
    return Money.of(typed, currency)


def a_guarantee(typed: str | None) -> Guarantee | None:
    """What stands behind a confirmation, if it was said."""
    if typed is None:
        return None
    try:
        return Guarantee(typed.lower())
    except ValueError:
        raise InvalidInput(
            "{text} is not a guarantee.", text=typed[:40], hint=", ".join(Guarantee), field="guarantee"
        ) from None


def a_channel(typed: str) -> Channel:
    """A channel by its name."""
    try:
        return Channel(typed.lower().replace("-", "_"))
    except ValueError:
        raise InvalidInput("{text} is no channel.", text=typed[:40], hint=", ".join(Channel), field="via") from None


def a_consent(typed: str) -> ConsentState:
    """Granted or withdrawn."""
    try:
        return ConsentState(typed.lower())
    except ValueError:
        raise InvalidInput(
            "{text} is neither granted nor withdrawn.", text=typed[:40], hint=", ".join(ConsentState), field="state"
        ) from None


def codes(typed: Sequence[str] | None) -> tuple[str, ...]:
    """Codes given one by one or separated by commas, each once."""
    parts = (part.strip() for text in typed or () for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
