"""Which two or three of eighteen: the choices an agent reads out.

A caller cannot weigh a list. The rule: the **cheapest** that sells; the room that **fits best** (least wasted beds; a
family room for a family; then free cancellation, then the richer board, then the price); and one **upgrade**, the next
better room on the same plan within a bearable premium. Each is shown once. Pure, and stable for the same input.
"""

from collections.abc import Mapping
from decimal import Decimal

from domain.offer import Candidate, Choice, ChoiceKind
from domain.rates import RoomType
from domain.stay import Party

MAX_PREMIUM = Decimal("1.8")
_BOARD_RANK = {"RO": 0, "BB": 1, "HB": 2, "FB": 3, "AI": 4, "UAI": 5}


def _fit(candidate: Candidate, room: RoomType, party: Party) -> tuple[int, int, int, Decimal, str, str]:
    """Smaller is better."""
    wasted = room.max_occupancy - party.size
    committed = 0 if candidate.cancellation.free_until_days is not None else 1
    board = -_BOARD_RANK.get(candidate.board, 0)
    return wasted, committed, board, candidate.total.amount, candidate.room_type, candidate.rate_plan


def _price_key(candidate: Candidate) -> tuple[Decimal, str, str]:
    return candidate.total.amount, candidate.room_type, candidate.rate_plan


def _upgrade_from(
    base: Candidate, candidates: list[Candidate], rooms: Mapping[str, RoomType], shown: list[Candidate]
) -> Candidate | None:
    better = [
        other
        for other in candidates
        if other.rate_plan == base.rate_plan
        and rooms[other.room_type].rank > max(rooms[one.room_type].rank for one in shown)
        and other.total.amount <= base.total.amount * MAX_PREMIUM
    ]
    return min(better, key=lambda one: (rooms[one.room_type].rank, *_price_key(one)), default=None)


def choose(candidates: list[Candidate], rooms: Mapping[str, RoomType], party: Party) -> tuple[Choice, ...]:
    """Pick up to three choices from what sells, in the order cheapest, best fit, upgrade; empty for none."""
    if not candidates:
        return ()
    cheapest = min(candidates, key=_price_key)
    shown = [(ChoiceKind.CHEAPEST, cheapest)]
    best = min(candidates, key=lambda one: _fit(one, rooms[one.room_type], party))
    if best is cheapest:
        others = [one for one in candidates if one.room_type != cheapest.room_type or one.board != cheapest.board]
        best = min(others, key=lambda one: _fit(one, rooms[one.room_type], party), default=best)
    if best is not cheapest:
        shown.append((ChoiceKind.BEST_FIT, best))
    upgrade = _upgrade_from(best, candidates, rooms, [one for _, one in shown])
    if upgrade is not None:
        shown.append((ChoiceKind.UPGRADE, upgrade))
    return tuple(Choice(number, kind, candidate) for number, (kind, candidate) in enumerate(shown, 1))
