"""The channels on one page, drawn from the live rules: the scenario-channel table and the handoff flow.

Both are what a hotel pins to the wall, so they must not be able to differ from what the machine does: they are made
from the very rules that decide. Rows hold codes; `say` turns a code into words (`plan_words` knows Turkish and
English). The flow is Mermaid text; states and arrows of a handoff's life come from its table of moves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.contact import Channel
from domain.handoff import HANDOFF_MOVES, HandoffRule, HandoffRules, HandoffState
from domain.plan_words import plan_words
from domain.roles import ChannelRole
from domain.sla import TargetBook

Say = Callable[[str], str]
HERE = "stays_here"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the scenario-channel table.

    `scenario`: the role, when the request is dealt with where it came in, else the trigger; `when`: what makes it hold,
    as codes; `to`: where it ends; targets in seconds, None where the trigger moves it.
    """

    channel: Channel
    role: ChannelRole
    scenario: str
    when: tuple[str, ...]
    to: tuple[Channel, ...]
    first_response_s: float | None = None
    resolution_s: float | None = None


def plan_rows(
    roles: Mapping[Channel, ChannelRole], rules: HandoffRules, book: TargetBook, at_s: float
) -> tuple[PlanRow, ...]:
    """The scenario-channel table: for each channel what it is for and within what time, then where it hands over."""
    return tuple(
        row for channel in Channel if channel in roles for row in _of(channel, roles[channel], rules, book, at_s)
    )


def _of(channel: Channel, role: ChannelRole, rules: HandoffRules, book: TargetBook, at_s: float) -> Iterator[PlanRow]:
    targets = book.targets(channel, (), at_s)
    yield PlanRow(channel, role, role.value, (HERE,), (channel,), targets.first_response_s, targets.resolution_s)
    for rule in rules.rules:
        if channel in rule.sources:
            yield PlanRow(channel, role, rule.trigger.value, _when(rule), rule.targets)


def _when(rule: HandoffRule) -> tuple[str, ...]:
    turns = (f"turns>={rule.min_turns}",) if rule.min_turns else ()
    return (*turns, *(signal.value for signal in rule.any_of))


def plan_table(rows: Sequence[PlanRow], language: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and lines of the table, in words; `language` tr or en."""
    say = plan_words(language)
    lines: list[tuple[str, ...]] = [
        (
            say(row.channel),
            say(row.scenario),
            ", ".join(_said(code, say) for code in row.when),
            " / ".join(say(channel) for channel in row.to),
            span_words(row.first_response_s, say),
            span_words(row.resolution_s, say),
        )
        for row in rows
    ]
    headings = ("channel", "scenario", "when", "to", "first_response", "resolution")
    return tuple(say(f"heading_{name}") for name in headings), lines


def span_words(seconds: float | None, say: Say) -> str:
    """`120 s`, `45 min`, `4 h`; empty for None."""
    if seconds is None:
        return ""
    for unit, length, from_s in (("hours", 3_600, 3_600), ("minutes", 60, 180)):
        if seconds >= from_s and seconds % length == 0:
            return f"{seconds / length:g} {say(unit)}"
    return f"{seconds:g} {say('seconds')}"


def _said(code: str, say: Say) -> str:
    turns = code.removeprefix("turns>=")
    return say(code) if turns == code else f"{turns} {say('turns')}"


def flow_diagram(rules: HandoffRules, language: str) -> str:
    """The handoff flow as a Mermaid flow chart: from each channel by each trigger, then the handoff's life."""
    say = plan_words(language)
    lines = ["flowchart LR"]
    channels = [one for one in Channel if any(one in (*rule.sources, *rule.targets) for rule in rules.rules)]
    lines += [f'    {one.value}["{say(one)}"]' for one in channels]
    for rule in rules.rules:
        when = ", ".join(_said(code, say) for code in _when(rule))
        node = f"by_{rule.trigger.value}_{rules.rules.index(rule) + 1}"
        lines.append(f'    {node}{{"{say(rule.trigger)}: {when}"}}')
        lines += [f"    {source.value} --> {node}" for source in rule.sources]
        lines += [f"    {node} --> {target.value}" for target in rule.targets]
    return "\n".join(lines) + "\n"


def flow_columns(rules: HandoffRules, say: Say) -> tuple[list[list[tuple[str, str]]], list[tuple[int, str, str]]]:
    """The flow in three columns for a picture (where guests come from, triggers, where they are taken), each box as
    (key, text); and arrows as (column, from, to in the next column)."""
    triggers = [
        (
            f"{rule.trigger.value}_{number}",
            f"{say(rule.trigger)}: {', '.join(_said(code, say) for code in _when(rule))}",
        )
        for number, rule in enumerate(rules.rules)
    ]
    sources = [(one.value, say(one)) for one in Channel if any(one in rule.sources for rule in rules.rules)]
    targets = [(one.value, say(one)) for one in Channel if any(one in rule.targets for rule in rules.rules)]
    arrows = [
        (0, source.value, key) for (key, _), rule in zip(triggers, rules.rules, strict=True) for source in rule.sources
    ]
    arrows += [
        (1, key, target.value) for (key, _), rule in zip(triggers, rules.rules, strict=True) for target in rule.targets
    ]
    return [sources, triggers, targets], arrows


def life_diagram(language: str) -> str:
    """The life of a handoff as a Mermaid state diagram, from its table of moves."""
    say = plan_words(language)
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value}: {say(state)}" for state in HandoffState]
    lines.append(f"    [*] --> {HandoffState.TRIGGERED.value}")
    for state in HandoffState:
        lines += [f"    {state.value} --> {to.value}" for to in HandoffState if to in HANDOFF_MOVES[state]]
    lines.append(f"    {HandoffState.SOLVED.value} --> [*]")
    return "\n".join(lines) + "\n"
