"""Which contacts make one case: a person's contacts at a hotel, cut where he was silent for long or served.

A contact joins the case that stands while it is within the hotel's window of that case's last contact; a case that was
resolved takes a contact in (and is open again) only within a day. So the cases of a person are a function of his
contacts and of when cases were resolved, in the order in which things happened: deliveries may come late, twice and
mixed up, the cases are the same. A contact that arrives late and closes a gap makes two cases one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DAY_S = 86_400.0
JOIN_WINDOW_S = 3 * DAY_S


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact: when, its number, and the case it is tied to whatever the time (a reply is of the case it answers)."""

    at_s: float
    key: str
    tied_to: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A case was resolved, or opened again by hand."""

    at_s: float
    case: str
    is_over: bool = True


@dataclass(slots=True)
class _Group:
    keys: list[str]
    cases: set[str]
    last_s: float
    ended_s: float | None = None


def groups_of(
    touches: Iterable[Touch],
    endings: Iterable[Ending],
    cases_of: Mapping[str, tuple[str, ...]],
    *,
    window_s: float = JOIN_WINDOW_S,
    reopen_s: float = DAY_S,
) -> list[list[str]]:
    """The keys of the contacts of each case, oldest case first. `cases_of`: the cases a contact has been in so far, by
    which an ending finds its group; a new contact has none."""
    steps: list[tuple[float, int, str, Touch | Ending]] = [(one.at_s, 0, one.key, one) for one in touches]
    steps += [(one.at_s, 1, one.case, one) for one in endings]
    groups: list[_Group] = []
    for _, _, _, step in sorted(steps, key=lambda one: one[:3]):
        if isinstance(step, Ending):
            _end(groups, step)
        else:
            _take(groups, step, cases_of, window_s, reopen_s)
    return [group.keys for group in groups]


def _end(groups: list[_Group], ending: Ending) -> None:
    for group in reversed(groups):
        if ending.case in group.cases:
            group.ended_s = ending.at_s if ending.is_over else None
            return


def _take(
    groups: list[_Group], touch: Touch, cases_of: Mapping[str, tuple[str, ...]], window_s: float, reopen_s: float
) -> None:
    group = next((one for one in reversed(groups) if touch.tied_to in one.cases), None) if touch.tied_to else None
    if group is None and groups and _takes(groups[-1], touch.at_s, window_s, reopen_s):
        group = groups[-1]
    if group is None:
        group = _Group([], set(), touch.at_s)
        groups.append(group)
    group.keys.append(touch.key)
    group.last_s = max(group.last_s, touch.at_s)
    if not touch.tied_to:
        group.ended_s = None
    group.cases.update(cases_of.get(touch.key, ()))


def _takes(group: _Group, at_s: float, window_s: float, reopen_s: float) -> bool:
    if group.ended_s is not None:
        return at_s - group.ended_s <= reopen_s
    return at_s - group.last_s <= window_s
