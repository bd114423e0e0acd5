"""Who may take what, settled once from the plan so that the running engine only looks things up.

A contact looks for a group: **levels** of its queue, first skills before fallbacks, within a level in the order of the
plan. An agent looks for a contact: the **order** of the group's queues, what cannot wait before backlog, then priority,
then the group's own list. Queues are bits of an int, so "is anything waiting that this group could take" is one `&`.
"""

from dataclasses import dataclass

from sim.plan import EnginePlan, GroupPlan, TieBreak, Work


@dataclass(frozen=True, slots=True)
class Routes:
    """Lookups by queue and by group.

    `levels[q]`: groups by level; `flat[q]`: the same in one row where the first that is free takes it, else None (the
    longest free of several is asked for). `order[g]`: queues in the order of being served; `can[g]`, `can_chat[g]`:
    bits of them. `slots[g][q]`: most chats at once; `speeds[g][k]`: how fast each of k open chats goes on.
    """

    levels: tuple[tuple[tuple[int, ...], ...], ...]
    flat: tuple[tuple[int, ...] | None, ...]
    order: tuple[tuple[int, ...], ...]
    can: tuple[int, ...]
    can_chat: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]
    speeds: tuple[tuple[float, ...], ...]


def routes_of(plan: EnginePlan) -> Routes:
    """Settle a plan. ValueError for one that cannot be run."""
    for group in plan.groups:
        _check(plan, group)
    levels = tuple(_levels(plan, queue) for queue in range(len(plan.queues)))
    is_first = plan.tie_break is TieBreak.ORDER
    chats = sum(1 << place for place, queue in enumerate(plan.queues) if queue.work is Work.CHAT)
    can = tuple(sum(1 << queue for queue in group.queues) for group in plan.groups)
    return Routes(
        levels=levels,
        flat=tuple(
            tuple(group for level in rows for group in level)
            if is_first or all(len(level) == 1 for level in rows)
            else None
            for rows in levels
        ),
        order=tuple(_order(plan, group) for group in plan.groups),
        can=can,
        can_chat=tuple(bits & chats for bits in can),
        slots=tuple(_slots(plan, group) for group in plan.groups),
        speeds=tuple(_speeds(group) for group in plan.groups),
    )


def _check(plan: EnginePlan, group: GroupPlan) -> None:
    if any(not 0 <= queue < len(plan.queues) for queue in group.queues) or len(set(group.queues)) < len(group.queues):
        raise ValueError(f"group {group.name}: each queue is one of the plan's, named once")
    if any(slots < 1 for slots in group.slots) or any(level < 0 for level in group.levels):
        raise ValueError(f"group {group.name}: slots are at least 1, levels at least 0")
    if not group.speeds or any(speed <= 0 for speed in group.speeds):
        raise ValueError(f"group {group.name}: speeds are above 0")


def _levels(plan: EnginePlan, queue: int) -> tuple[tuple[int, ...], ...]:
    found: dict[int, list[int]] = {}
    for place, group in enumerate(plan.groups):
        if queue in group.queues:
            found.setdefault(group.levels[group.queues.index(queue)], []).append(place)
    return tuple(tuple(found[level]) for level in sorted(found))


def _order(plan: EnginePlan, group: GroupPlan) -> tuple[int, ...]:
    return tuple(
        sorted(group.queues, key=lambda one: (plan.queues[one].work is Work.BACKLOG, plan.queues[one].priority))
    )


def _slots(plan: EnginePlan, group: GroupPlan) -> tuple[int, ...]:
    own = dict(zip(group.queues, group.slots, strict=True))
    return tuple(own.get(queue, 0) for queue in range(len(plan.queues)))


def _speeds(group: GroupPlan) -> tuple[float, ...]:
    most = max(group.slots, default=1)
    more = (group.speeds[-1],) * (most - len(group.speeds))
    return (1.0, *group.speeds, *more)
