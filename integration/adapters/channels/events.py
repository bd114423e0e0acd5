"""Numbers and shapes that every wire's arrivals share.

An arrival's number must be the same each time the provider repeats the event and different for everything else, because
the store lets each number have its effect once. It is made of the provider's own ids (`key`); where the provider gives
none, or the event cannot be read, of a digest of the event's content in a fixed order of names, so that it does not
matter how the provider wrote it down that time. Such an event becomes an `other` arrival that says why.
"""

import hashlib
from collections.abc import Callable, Iterable

from domain.contact import Channel
from integration.adapters.channels.reading import Part
from integration.ports.channels import Arrival, ArrivalKind

_MOST_KEY = 300
_MOST_NAMES = 20
_MOST_FACT = 2_000


def key(*ids: str) -> str:
    """One number of several ids, unmistakably: `a:b` with `c` is not `a` with `b:c`. Very long ones become a digest."""
    joined = ":".join(one.replace("%", "%25").replace(":", "%3A") for one in ids)
    return joined if len(joined) <= _MOST_KEY else f"sha256:{hashlib.sha256(joined.encode()).hexdigest()}"


def digest(value: object) -> str:
    """A number of a value's content, whatever the order of its names: `digest:` and 32 hex digits."""
    found, rest = hashlib.sha256(), [value]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            found.update(f"{{{len(one)}".encode())
            for name in sorted(one, reverse=True):
                rest += (one[name], name)
        elif isinstance(one, list):
            found.update(f"[{len(one)}".encode())
            rest += reversed(one)
        else:
            text = str(one).encode("utf-8", "replace")
            found.update(f"{type(one).__name__}{len(text)}:".encode() + text)
    return f"digest:{found.hexdigest()[:32]}"


def said(**facts: str | int | float | bool | None) -> dict[str, str]:
    """Facts as text; what is empty or unknown is left out, yes and no are `yes` and `no`."""
    return {name: _word(value)[:_MOST_FACT] for name, value in facts.items() if value is not None and value != ""}


def _word(value: str | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def unread(channel: Channel, account: str, part: Part, why: str) -> Arrival:
    """An event that is kept and left alone."""
    return Arrival(channel, account, ArrivalKind.OTHER, digest(part.raw), facts=said(why=why))


def wrongly_typed(part: Part) -> str:
    """The sentence about fields of another type than they should be."""
    return f"Not of the expected type: {', '.join(dict.fromkeys(part.wrong[:_MOST_NAMES]))}."


Reader = Callable[[Part], Arrival | None]


def each(channel: Channel, account: str, parts: Iterable[Part], read: Reader) -> list[Arrival]:
    """Read events one by one: one that is not what it seemed becomes an `other`, the rest stand. None: not known."""
    return [one_of(channel, account, part, read) for part in parts]


def one_of(channel: Channel, account: str, part: Part, read: Reader) -> Arrival:
    """One event, as in `each`."""
    arrival = read(part)
    if part.wrong:
        return unread(channel, account, part, wrongly_typed(part))
    return arrival or unread(channel, account, part, "An event of a kind we do not know.")
