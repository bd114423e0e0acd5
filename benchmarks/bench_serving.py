"""What the rules of serving cost per call: open time, clocks, handoff, words. CPU microseconds, medians of rounds.

They run for each of a million contacts of a simulated season and for each case of a list, so they have to be light. The
hours are those of a sales office, a year laid out; the case has nine events.
"""

from collections.abc import Callable, Iterator
from datetime import date

from benchmarks.measure import cpu_of_call, interleaved
from benchmarks.registry import Row, benchmark
from domain.case_events import CaseEvent, EventKind
from domain.clocks import read_clocks
from domain.contact import Channel
from domain.handoff import decide_handoff
from domain.hours import business_seconds, deadline
from scenarios.loader import load_hotel
from scenarios.service import service_rules

TIMES, ROUNDS = 2_000, 9
CASES, AIM_MS = 10_000, 100.0
K = EventKind
KINDS = (
    K.GUEST_MESSAGE,
    K.AUTO_REPLY,
    K.HUMAN_REPLY,
    K.GUEST_MESSAGE,
    K.HUMAN_REPLY,
    K.PAUSED,
    K.GUEST_MESSAGE,
    K.HUMAN_REPLY,
    K.GUEST_MESSAGE,
)
TEXT = "Merhaba, 15-20 Ağustos için rezervasyonumuz vardı, maalesef iptal etmek istiyoruz. Ücret iadesi olur mu?"


def _calls() -> dict[str, Callable[[], object]]:
    rules = service_rules(load_hotel("belek-resort"))
    policy = rules.policy(date(2027, 1, 1), date(2027, 12, 31))
    spans = policy.spans("email")
    start = spans.starts[300] + 100.5
    story = [CaseEvent(start + 40 * place, kind) for place, kind in enumerate(KINDS)]
    ready = rules.handoffs.of(Channel.WHATSAPP)
    clocks = read_clocks(story, "email", (), policy)[-1]
    return {
        "business_seconds over a night": lambda: business_seconds(start, start + 80_000, spans),
        "deadline the same hour": lambda: deadline(start, 120, spans),
        "deadline over a night": lambda: deadline(start, 20_000, spans),
        "decide_handoff": lambda: decide_handoff(1, 0, ready),
        "read_clocks, nine events": lambda: read_clocks(story, "email", (), policy),
        "is_late, from kept instants": lambda: clocks.is_late(start + 500),
        "words of a message": lambda: rules.words.read(TEXT),
        "priority level": lambda: rules.priority.level(5),
    }


@benchmark("serving")
def serving() -> Iterator[Row]:
    calls = _calls()
    taken = interleaved(ROUNDS, **{name: lambda call=call: cpu_of_call(call, TIMES) for name, call in calls.items()})
    for name, seconds in taken.items():
        yield Row(name, ratio=seconds * 1e6, unit=" µs")
    view = taken["read_clocks, nine events"] * CASES * 1e3
    yield Row(f"clocks of {CASES:,} cases read from their events", view, unit=" ms", note="a view reads kept instants")
    kept = taken["is_late, from kept instants"] * CASES * 1e3
    yield Row(f"which of {CASES:,} open cases are late, from kept instants", kept, limit=AIM_MS, unit=" ms")
