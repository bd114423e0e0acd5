"""Chats: they share their agent, and how fast each goes on depends on how many are open.

Each agent has a clock of **work done per open chat**. It runs at `speeds[k]` while k chats are open, so all his chats
advance alike: a chat taken when the clock shows v is over when it shows v + talk, whatever happens in between, and only
the instant at which the clock will show that has to be planned anew when k changes. A plan that no longer holds is
recognised by its time (`due`), so nothing has to be taken out of the heap. The clock starts at 0 when none is open.

Wrap-up after a chat, and the time lost on a guest who left without a sign, keep a slot by the wall clock: nobody is
there to share the agent's attention with, so they slow no other chat.

The rules are functions inside one function, for speed: what they work on is bound once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappush
from math import inf
from typing import Any

from sim.agents import Agents
from sim.environment import Kind, SeasonEnv, StockEnv
from sim.leg_book import IS_HANDED_OVER, IS_SILENT, LegBook
from sim.plan import Outcome
from sim.routes import Routes

_SERVED, _SILENT = int(Outcome.SERVED), int(Outcome.SILENT)
Rule = Callable[[int, float], None]
Chat = tuple[float, int, float]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What chats work with. `waiting[0]`: whether anybody may be in a line; `pull(agent, now)`: let an agent take what
    waits; `arrive(leg, now)`: a further leg comes."""

    env: SeasonEnv | StockEnv
    routes: Routes
    agents: Agents
    book: LegBook
    silent_s: float
    waiting: list[int]
    pull: Rule
    arrive: Rule


@dataclass(frozen=True, slots=True)
class Chats:
    """The rules. `arrives(leg, queue, groups, now)`: the least loaded agent of the first of these groups that has room
    takes it, False when none has; `take(leg, queue, agent, now)`: an agent, standing nowhere, opens one more."""

    arrives: Callable[[int, int, tuple[int, ...], float], bool]
    take: Callable[[int, int, int, float], None]
    renumber: Callable[[list[int]], None]


def chats_of(house: Surroundings) -> Chats:  # noqa: C901, PLR0915 - one function binds what all the rules work on
    """Bind the rules. An agent's open chats (`agents.open`) are (clock when over, leg, clock at the first answer)."""
    env, agents, book, waiting, pull = house.env, house.agents, house.book, house.waiting, house.pull
    slots, speeds, is_even = house.routes.slots, house.routes.speeds, house.routes.is_even
    free, room, loads, caps, since = agents.free, agents.room, agents.load, agents.cap, agents.since
    opened, dues, clocks, reads, group_of = agents.open, agents.due, agents.clock, agents.read, agents.group_of
    begins, takers, talks, spans, replies = book.begin, book.taker, book.talk, book.span, book.reply
    leaves, odds, queue_of, closings = book.leave, book.odd, book.queue, book.closings
    chats_since, chatting, shrinking, is_leaving = (
        agents.chats_since,
        agents.chatting,
        agents.shrinking,
        agents.is_leaving,
    )
    replied: dict[int, float] = {}
    heap: list[Any] | None = env._queue if isinstance(env, SeasonEnv) else None

    def arrives(leg: int, queue: int, groups: tuple[int, ...], now: float) -> bool:
        for group in groups:
            row, rooms = free[group], room[group]
            if row:
                agent = row.popleft()
                break
            for load in range(1, slots[group][queue]):
                if rooms[load]:
                    agent = next(iter(rooms[load]))
                    del rooms[load][agent]
                    break
            else:
                continue
            break
        else:
            return False
        take(leg, queue, agent, now)
        since[agent] = now
        load = loads[agent]
        if load < caps[agent]:
            rooms[load][agent] = None
        return True

    def take(leg: int, queue: int, agent: int, now: float) -> None:
        load = loads[agent]
        if not load:
            chats_since[agent] = now
        loads[agent] = load + 1
        takers[leg] = agent
        if odds[leg] & IS_SILENT and leaves[leg] <= now:
            book.close(leg, _SILENT, leaves[leg], house.silent_s)
            env.put(now + house.silent_s, slot_done, agent)
            return
        begins[leg] = now
        group, chats, talk = group_of[agent], opened[agent], talks[leg]
        if not is_even[group]:
            caps[agent] = min(caps[agent], slots[group][queue])
        if chats:
            clock = advance(agent, group, now)
            chats.append((clock + talk, leg, clock + replies[leg]))
            plan(agent, group, now)
            return
        clocks[agent], reads[agent] = 0.0, now
        chats.append((talk, leg, replies[leg]))
        dues[agent] = due = now + talk / speeds[group][1]
        if heap is None:
            env.put(due, done, agent)
        else:
            heappush(heap, (due, 3, agent, done))

    def advance(agent: int, group: int, now: float) -> float:
        """Bring an agent's clock up to now, and note the first answers that went out meanwhile."""
        chats, clock, read = opened[agent], clocks[agent], reads[agent]
        speed = speeds[group][len(chats)]
        then = clock + (now - read) * speed
        for _, leg, reply in chats:
            if clock < reply <= then:
                replied[leg] = read + (reply - clock) / speed
        clocks[agent], reads[agent] = then, now
        return then

    def plan(agent: int, group: int, now: float) -> None:
        """Plan the end of the chat that will be over first."""
        chats = opened[agent]
        left = min(chats)[0] - clocks[agent]
        dues[agent] = due = now + left / speeds[group][len(chats)] if left > 0.0 else now
        if heap is None:
            env.put(due, done, agent)
        else:
            heappush(heap, (due, 3, agent, done))

    def over(agent: int, now: float) -> None:
        if dues[agent] != now:
            return
        chats, group = opened[agent], group_of[agent]
        if len(chats) == 1:
            finish, leg, reply = chats.pop()
            clock = clocks[agent]
            at = reads[agent] + (reply - clock) / speeds[group][1] if reply > clock else now
            dues[agent] = inf
        else:
            advance(agent, group, now)
            chat = min(chats)
            finish, leg, reply = chat
            chats.remove(chat)
            clocks[agent], at = finish, now
            plan(agent, group, now)
        if replied:
            at = replied.pop(leg, at)
        wrap = spans[leg] - talks[leg]
        closings.extend((leg, _SERVED, now, now - begins[leg] + wrap, at if at < now else now))
        if wrap > 0.0:
            if heap is None:
                env.put(now + wrap, slot_done, agent)
            else:
                heappush(heap, (now + wrap, 4, agent, slot_done))
            stand_anew(agent, group, loads[agent], loads[agent], now)
        else:
            slot_over(agent, now)
        if odds[leg] & IS_HANDED_OVER:
            house.arrive(book.handoff(leg, now), now)

    def slot_over(agent: int, now: float) -> None:
        group, load = group_of[agent], loads[agent]
        loads[agent] = load - 1
        if load == 1:
            chatting.extend((chats_since.pop(agent), now, group))
        stand_anew(agent, group, load, load - 1, now)

    def stand_anew(agent: int, group: int, had: int, load: int, now: float) -> None:
        """A chat of his is over, or its wrap-up: he takes what waits, or stands last of his equals."""
        rooms = room[group]
        if had < len(rooms):
            rooms[had].pop(agent, None)
        if not is_even[group]:
            caps[agent] = cap_of(group, opened[agent])
        if shrinking[group] and (is_leaving[agent] if had == load else agents.leaves(agent, now)):
            return
        if waiting[0]:
            pull(agent, now)
            return
        since[agent] = now
        if not load:
            free[group].append(agent)
        elif load < caps[agent]:
            rooms[load][agent] = None

    def cap_of(group: int, chats: list[Chat]) -> int:
        if not chats:
            return len(room[group])
        if len(chats) == 1:
            return slots[group][queue_of[chats[0][1]]]
        return min([slots[group][queue_of[chat[1]]] for chat in chats])

    def renumber(renamed: list[int]) -> None:
        for place, chats in enumerate(opened):
            if chats:
                opened[place][:] = [(finish, renamed[leg], reply) for finish, leg, reply in chats]
        moved = {renamed[leg]: at for leg, at in replied.items()}
        replied.clear()
        replied.update(moved)

    done, slot_done = Kind(env, "chat_done", 3, over), Kind(env, "slot_done", 4, slot_over)
    return Chats(arrives, take, renumber)
