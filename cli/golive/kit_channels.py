"""Three documents about serving: the inbox, the scenario-channel table, the handoff diagram.

All are made from the rules that decide: targets, hours, words, points and handoffs as they are set now.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cli.golive.kit_facts import KitFacts, OneChannel
from cli.golive.kit_hours import hours_words
from cli.golive.kit_said import said
from cli.reports.kit_flow import flow_png
from cli.reports.kit_parts import Drawing, Grid, Row, Section, Sheet, Words
from cli.reports.pdf import Cell
from cli.screens.cases import COLUMNS
from domain.channel_drawing import flow_svg, laid_out
from domain.channel_plan import plan_table, span_words
from domain.handoff import HANDOFF_MOVES
from domain.plan_words import plan_words
from domain.priority import PriorityLevel
from domain.signals import BITS, MARKS, Tag

Body = dict[str, Any]


def inbox(facts: KitFacts) -> Sheet:
    """Queues, columns, clocks, tags, priority."""
    text = said("inbox", facts.language, facts.values)
    queues = tuple((Cell(one["name"], bold=True), one["holds"], one["order"], one["command"]) for one in text["queues"])
    columns = tuple((Cell(facts.reader(name), bold=True), text["columns"][name]) for name in COLUMNS)
    priority = facts.serves.rules.priority
    starts = {PriorityLevel.HIGH: priority.high_from, PriorityLevel.URGENT: priority.urgent_from}
    levels = tuple((text["levels"][one.name.lower()], str(starts.get(one, 0))) for one in reversed(PriorityLevel))
    listed = tuple(text[one] for one in ("queue", "holds", "order", "command"))
    head = tuple(text[name] for name in ("channel", "first", "next", "solved", "warns", "escalates", "hours"))
    return Sheet(
        "inbox", text["title"], text["intro"],
        (
            Section(text["queues_heading"], (Grid(listed, queues, (2, 5, 2.4, 3)),)),
            Section(text["columns_heading"], (Grid((text["column"], text["shows"]), columns, (2, 8)),)),
            Section(text["clocks_heading"],
                    (Grid(head, tuple(_clocks(facts)), (2, 1.4, 1.4, 1.4, 1.4, 1.6, 5)), Words((text["clock_note"],)))),
            Section(text["tags_heading"],
                    (Grid((text["tag"], text["given_by"], text["points"]), tuple(_tags(facts, text)), (3, 6, 1)),)),
            Section(text["levels_heading"], (Grid((text["level"], text["from_points"]), levels, (3, 3)),)),
        ),
    )  # fmt: skip


def _clocks(facts: KitFacts) -> Iterator[Row]:
    say = plan_words(facts.language)
    for one in facts.serves.channels:
        first, warn = one.targets.first_response_s, facts.serves.warn_at
        yield (
            Cell(say(one.channel), bold=True), span_words(first, say), span_words(one.targets.next_response_s, say),
            span_words(one.targets.resolution_s, say), span_words(first * warn, say),
            span_words(first * facts.serves.escalate_at, say), _hours(facts, one),
        )  # fmt: skip


def _hours(facts: KitFacts, one: OneChannel) -> str:
    return hours_words(facts.file.hours, one.channel, one.hours, said("common", facts.language, facts.values))


def _tags(facts: KitFacts, text: Body) -> Iterator[Row]:
    rules = facts.serves.rules
    counted = Counter(rule.gives for rule in rules.words.rules)
    languages = {mark: sorted({one.language for one in rules.words.rules if one.gives is mark}) for mark in counted}
    for mark in sorted(MARKS, key=lambda one: (not isinstance(one, Tag), BITS[one])):
        by_words = (
            [text["by_words"].format(count=counted[mark], languages=", ".join(languages[mark]))]
            if counted[mark]
            else []
        )
        by_fact = [text["by_fact"][mark]] if mark.value in text["by_fact"] else []
        points = rules.priority.points.get(mark, 0)
        yield Cell(text["tags"][mark], bold=isinstance(mark, Tag)), ", ".join([*by_fact, *by_words]), str(points)


def channels(facts: KitFacts) -> Sheet:
    """The scenario-channel table, and each channel with role, targets, hours and languages."""
    text, say = said("channels", facts.language, facts.values), plan_words(facts.language)
    headings, lines = plan_table(facts.serves.plan, facts.language)
    rows = tuple(
        (
            Cell(say(one.channel), bold=True), say(one.role), span_words(one.targets.first_response_s, say),
            span_words(one.targets.next_response_s, say), span_words(one.targets.resolution_s, say),
            _hours(facts, one), ", ".join(one.languages), one.notice or "-",
        )
        for one in facts.serves.channels
    )  # fmt: skip
    head = tuple(text[one] for one in ("channel", "role", "first", "next", "solved", "hours", "languages", "notice"))
    return Sheet(
        "channels", text["title"], text["intro"],
        (
            Section(text["table_heading"],
                    (Grid(headings, tuple(lines), (1.8, 3.4, 4, 2.4, 1.4, 1.4)), Words((text["note"],)))),
            Section(text["channels_heading"], (Grid(head, rows, (1.5, 2.6, 1.1, 1.1, 1.1, 3.6, 1.4, 2.6)),)),
        ),
    )  # fmt: skip


def handoff(facts: KitFacts) -> Sheet:
    """The diagram, and the same as tables."""
    text, say, rules = said("handoff", facts.language, facts.values), plan_words(facts.language), facts.serves.handoffs
    rows = tuple(
        (
            Cell(say(rule.trigger), bold=True), ", ".join(map(say, rule.sources)), " / ".join(map(say, rule.targets)),
            str(rule.min_turns or "-"), ", ".join(map(say, rule.any_of)) or "-",
        )
        for rule in rules.rules
    )  # fmt: skip
    life = tuple((say(state), ", ".join(map(say, sorted(to))) or "-") for state, to in HANDOFF_MOVES.items())
    head = tuple(text[one] for one in ("trigger", "from", "to", "turns", "signals"))
    return Sheet(
        "handoff", text["title"], text["intro"],
        (
            Section("", (Drawing(flow_png(laid_out(rules, facts.language)), text["alt"]),)),
            Section(text["rules_heading"], (Grid(head, rows, (2.6, 4, 2.4, 1, 3)),)),
            Section(text["life_heading"], (Grid((text["state"], text["next"]), life, (2, 6)),)),
            Section(text["packet_heading"], (Words(tuple(text["packet"]), is_list=True),)),
        ),
        (("handoff.svg", flow_svg(rules, facts.language).encode()),),
    )  # fmt: skip
