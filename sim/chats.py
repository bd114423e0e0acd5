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

_SILENT = int(Outcome.SILENT)
Rule = Callable[[int, float], None]


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
    takes it, False when none has; `take(leg, queue, agent, now)`: an agent, standing nowhere, opens one more.

    `done`, `slot_done`: a chat is over (if the plan still holds), its wrap-up is. The rule of `done` in parts, for the
    hot loop: `ends(agent, now)` gives the leg that is over; then, with its wrap-up planned,
    `ended(leg, agent, wrap, now)`.
    """

    arrives: Callable[[int, int, tuple[int, ...], float], bool]
    take: Callable[[int, int, int, float], None]
    ends: Callable[[int, float], int]
    ended: Callable[[int, int, float, float], None]
    slot_over: Rule
    done: Kind
    slot_done: Kind
    renumber: Callable[[list[int]], None]


def chats_of(house: Surroundings) -> Chats:  # noqa: C901, PLR0915 - one function binds what all the rules work on
    """Bind the rules. An agent's open chats (`agents.open`) are (clock when over, leg, clock at the first answer)."""
    env, agents, book, waiting, pull = house.env, house.agents, house.book, house.waiting, house.pull
    slots, speeds, can, can_chat = house.routes.slots, house.routes.speeds, house.routes.can, house.routes.can_chat
    free, room, loads, caps, since = agents.free, agents.room, agents.load, agents.cap, agents.since
    opened, dues, clocks, reads, group_of = agents.open, agents.due, agents.clock, agents.read, agents.group_of
    begins, takers, talks, spans, replies = book.begin, book.taker, book.talk, book.span, book.reply
    leaves, odds, queue_of, chat_ends = book.leave, book.odd, book.queue, book.chat_ends
    chats_since, chatting, shrinking, is_leaving = (
        agents.chats_since,
        agents.chatting,
        agents.shrinking,
        agents.is_leaving,
    )
    replied: dict[int, float] = {}
    alone, most_of = [of_group[1] for of_group in speeds], [len(rooms) for rooms in room]
    heap: list[Any] | None = env._queue if isinstance(env, SeasonEnv) else None

    def arrives(leg: int, queue: int, groups: tuple[int, ...], now: float) -> bool:  # noqa: C901 - the free agent's first chat is written out: most chats are one
        for group in groups:
            if free[group] and not (odds[leg] & IS_SILENT and leaves[leg] <= now):
                agent = free[group].popleft()
                begins[leg], takers[leg] = now, agent
                loads[agent], clocks[agent], talk = 1, 0.0, talks[leg]
                since[agent] = reads[agent] = chats_since[agent] = now
                opened[agent].append((talk, leg, replies[leg]))
                dues[agent] = due = now + talk / alone[group]
                if heap is None:
                    env.put(due, done, agent)
                else:
                    heappush(heap, (due, 3, agent, done))
                caps[agent] = most = slots[group][queue]
                if most > 1:
                    room[group][1][agent] = None
                return True
            if free[group]:
                agent = free[group].popleft()
                break
            rooms = room[group]
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
        if (most := slots[group][queue]) < caps[agent]:
            caps[agent] = most
        if chats:
            clock = advance(agent, group, now)
            chats.append((clock + talk, leg, clock + replies[leg]))
            plan(agent, group, now)
            return
        clocks[agent], reads[agent] = 0.0, now
        chats.append((talk, leg, replies[leg]))
        dues[agent] = due = now + talk / alone[group]
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
        if dues[agent] == now:
            leg = ends(agent, now)
            wrap = spans[leg] - talks[leg]
            if wrap > 0.0:
                env.put(now + wrap, slot_done, agent)
            ended(leg, agent, wrap, now)

    def ends(agent: int, now: float) -> int:
        """The chat whose end was planned for now is over; the next end is planned. The answer is its leg."""
        chats, group = opened[agent], group_of[agent]
        if len(chats) == 1:
            finish, leg, reply = chats.pop()
            clock = clocks[agent]
            at = reads[agent] + (reply - clock) / alone[group] if reply > clock else now
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
        chat_ends.extend((leg, now, at))
        if caps[agent] < most_of[group] and slots[group][queue_of[leg]] == caps[agent]:
            caps[agent] = min([slots[group][queue_of[chat[1]]] for chat in chats], default=most_of[group])
        return leg

    def ended(leg: int, agent: int, wrap: float, now: float) -> None:
        """What follows: wrap-up keeps his slot; without one it is free. A guest who is handed over goes on."""
        if wrap > 0.0:
            group, load = group_of[agent], loads[agent]
            rooms = room[group]
            if load < len(rooms):
                rooms[load].pop(agent, None)
            if not (shrinking[group] and is_leaving[agent]):
                if waiting[0] & can_chat[group]:
                    pull(agent, now)
                else:
                    since[agent] = now
                    if load < caps[agent]:
                        rooms[load][agent] = None
        else:
            slot_over(agent, now)
        if odds[leg] & IS_HANDED_OVER:
            house.arrive(book.handoff(leg, now), now)

    def slot_over(agent: int, now: float) -> None:
        """A slot is free again: he takes what waits, or stands last of his equals."""
        group, load = group_of[agent], loads[agent]
        rooms = room[group]
        if load < len(rooms):
            rooms[load].pop(agent, None)
        loads[agent] = load = load - 1
        if not load:
            chatting.extend((chats_since.pop(agent), now, group))
        if shrinking[group] and agents.leaves(agent, now):
            return
        if waiting[0] & (can_chat[group] if load else can[group]):
            pull(agent, now)
            return
        since[agent] = now
        if not load:
            free[group].append(agent)
        elif load < caps[agent]:
            rooms[load][agent] = None

    def renumber(renamed: list[int]) -> None:
        for place, chats in enumerate(opened):
            if chats:
                opened[place][:] = [(finish, renamed[leg], reply) for finish, leg, reply in chats]
        moved = {renamed[leg]: at for leg, at in replied.items()}
        replied.clear()
        replied.update(moved)

    done, slot_done = Kind(env, "chat_done", 3, over), Kind(env, "slot_done", 4, slot_over)
    return Chats(arrives, take, ends, ended, slot_over, done, slot_done, renumber)
