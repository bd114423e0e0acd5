"""The hot loop: calls that find an agent or a line, and agents who find the next call, without a function call.

It does what `SeasonEnv.step` with the rules of `Floor` would do, written out in one place for the two things that
happen most. Everything else (a chat, a staff change, a queue with special rules, a planner's own event) goes to those.
A test runs the same season without this loop and must come to the same bytes.
"""

from collections import deque
from heapq import heappop, heappush, heapreplace
from typing import Any

from sim.environment import Kind, SeasonEnv
from sim.floor import Floor


def run_stretch(env: SeasonEnv, floor: Floor, end: Kind) -> None:  # noqa: C901, PLR0912, PLR0915 - the loop is one function because a call costs more than the work in it
    """Run until the event of kind `end`."""
    heap: list[Any] = env._queue
    arrive, step = floor.arrive, env.step
    book, agents, routes = floor.book, floor.agents, floor.routes
    begin, taker, leave, span, odd, queue_of = book.begin, book.taker, book.leave, book.span, book.odd, book.queue
    free, since, group_of, shrinking = agents.free, agents.since, agents.group_of, agents.shrinking
    waiting, lines, is_chat, inline, can = floor.waiting, floor.lines, floor.is_chat, floor.inline, routes.can
    orders = [[(1 << queue, lines[queue], is_chat[queue]) for queue in order] for order in routes.order]
    asked: list[dict[int, list[tuple[int, deque[int], bool]]]] = [{} for _ in orders]
    inline_chats, chats, talk, due_of = floor.inline_chats, floor.chats, book.talk, agents.due
    take_chat, ends, ended, slot_over = chats.arrives, chats.ends, chats.ended, chats.slot_over
    chat_done, slot_done, slot_priority = chats.done, chats.slot_done, chats.slot_done.priority
    can_line_up, first = floor.can_line_up, book.comes_first
    done, priority = floor.done, floor.done.priority
    leg_next, at = first + env.position, [0.0] * first + list(env.due)
    arrival = at[leg_next]
    while True:
        now, _, agent, kind = heap[0]
        if now <= arrival:
            if kind is done:
                group = group_of[agent]
                if shrinking[group]:
                    heappop(heap)
                    floor.finished(agent, now)
                    continue
                bits = waiting[0] & can[group]
                if not bits:
                    heappop(heap)
                    since[agent] = now
                    free[group].append(agent)
                    continue
                leg = -1
                found = asked[group].get(bits)
                if found is None:
                    found = asked[group][bits] = [one for one in orders[group] if bits & one[0]]
                for bit, line, is_special in found:
                    if is_special:
                        break
                    while line:
                        leg = line.popleft()
                        if leave[leg] > now:
                            break
                        if odd[leg] & 1:
                            line.appendleft(leg)
                            leg = -1
                            break
                        leg = -1
                    else:
                        waiting[0] &= ~bit
                        continue
                    break
                if leg >= 0:
                    begin[leg] = now
                    taker[leg] = agent
                    heapreplace(heap, (now + span[leg], priority, agent, done))
                    if odd[leg] & 2:
                        floor.hand_over_later(leg, now)
                else:
                    heappop(heap)
                    floor.pull(agent, now)
            elif kind is chat_done:
                if due_of[agent] == now:
                    leg = ends(agent, now)
                    wrap = span[leg] - talk[leg]
                    if wrap > 0.0:
                        heapreplace(heap, (now + wrap, slot_priority, agent, slot_done))
                    else:
                        heappop(heap)
                    ended(leg, agent, wrap, now)
                else:
                    heappop(heap)
            elif kind is slot_done:
                heappop(heap)
                slot_over(agent, now)
            elif type(kind) is Kind:
                heappop(heap)
                if kind is end:
                    break
                kind.rule(agent, now)
            else:
                env.position = leg_next - first
                step()
        else:
            leg = leg_next
            queue = queue_of[leg]
            rows = inline[queue]
            if rows is None:
                groups = inline_chats[queue]
                if groups is None:
                    arrive(leg, arrival)
                elif not take_chat(leg, queue, groups, arrival):
                    floor.wait(leg, queue, arrival)
            else:
                for row in rows:
                    if row:
                        agent = row.popleft()
                        begin[leg] = arrival
                        taker[leg] = agent
                        heappush(heap, (arrival + span[leg], priority, agent, done))
                        if odd[leg] & 2:
                            floor.hand_over_later(leg, arrival)
                        break
                else:
                    if can_line_up[queue]:
                        lines[queue].append(leg)
                        waiting[0] |= 1 << queue
                    else:
                        floor.wait(leg, queue, arrival)
            leg_next += 1
            arrival = at[leg_next]
    env._now = now
