"""Any hands at a case in any order: only moves of the tables happen, and a case computed anew says the same."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.case import LEAD_MOVES, CaseKind, CaseStatus, LeadStatus
from domain.case_steps import CASE_STEPS, CaseStep
from domain.contact import Channel
from domain.errors import Refused
from domain.handoff import HANDOFF_MOVES, HandoffState
from domain.signals import Tag
from integration.usecases.handoff_case_rules import Wish
from integration.usecases.join_case import refold
from tests.cases.desk import AGENT, Floor
from tests.intake.reception import MIDNIGHT, Writer

ANNA = Writer("+905320000001", "TR.1111111111", "Anna Kowalska")
TAGS = st.sets(st.sampled_from(sorted(Tag)), max_size=2)


class Hands(RuleBasedStateMachine):
    """One case, one agent, and the guest who writes now and then."""

    @initialize()
    def begin(self) -> None:
        self.floor = Floor()
        self.at = MIDNIGHT + timedelta(hours=6)
        self.write("Hello")

    def write(self, text: str) -> None:
        self.floor.reception.write(ANNA, text, self.at)
        self.floor.reception.take_in()

    @property
    def case(self) -> Any:
        return self.floor.reception.cases()[-1]

    def later(self) -> None:
        self.at += timedelta(minutes=2)
        self.floor.reception.office.clock.set(self.at)

    @rule()
    def the_guest_writes(self) -> None:
        self.later()
        self.write("And another thing")
        assert self.case.status is CaseStatus.OPEN

    @rule(add=TAGS, remove=TAGS)
    def tagged(self, add: set[str], remove: set[str]) -> None:
        self.later()
        before = self.case
        if add & remove or not add | remove:
            return
        after = self.floor.tag(before.case_id, *add, remove=tuple(remove))
        assert set(after["tags"]) == (set(before.tags) | add) - remove

    @rule(to=st.sampled_from([AGENT.name, None]))
    def assigned(self, to: str | None) -> None:
        self.later()
        assert self.floor.assign(self.case.case_id, to)["assignee"] == to

    @rule(step=st.sampled_from(CaseStep))
    def stepped(self, step: CaseStep) -> None:
        self.later()
        before = self.case
        is_legal = before.status in CASE_STEPS[step]
        try:
            self.floor.step(before.case_id, step)
        except Refused:
            assert not is_legal or step is CaseStep.RESOLVE
            assert self.case == before
        else:
            assert is_legal
            if step is CaseStep.RESOLVE:
                assert before.kind is CaseKind.SUPPORT or before.lead_status in {LeadStatus.WON, LeadStatus.LOST}

    @rule(to=st.sampled_from([LeadStatus.IN_PROGRESS, LeadStatus.WON, LeadStatus.LOST]))
    def lead_moved(self, to: LeadStatus) -> None:
        self.later()
        before = self.case
        case_id = before.case_id
        moves: dict[LeadStatus, Callable[[], object]] = {
            LeadStatus.IN_PROGRESS: lambda: self.floor.start(case_id),
            LeadStatus.WON: lambda: self.floor.win(case_id),
            LeadStatus.LOST: lambda: self.floor.lose(case_id, "price"),
        }
        try:
            moves[to]()
        except Refused:
            assert self.case == before
        else:
            assert before.lead_status is not None
            assert to in LEAD_MOVES[before.lead_status]
            assert (self.case.lead_status, to is LeadStatus.WON) == (to, False)

    @rule(state=st.sampled_from(HandoffState))
    def handed_over(self, state: HandoffState) -> None:
        self.later()
        found = self.floor.show(self.case.case_id)["handoffs"]
        if not found or found[0]["state"] in {"solved", "declined"}:
            self.floor.over(self.case.case_id, Wish(Channel.PHONE))
            return
        before = HandoffState(found[0]["state"])
        try:
            self.floor.move(found[0]["handoff_id"], state, reason="busy")
        except Refused:
            assert state not in HANDOFF_MOVES[before]
        else:
            assert state in HANDOFF_MOVES[before]

    @invariant()
    def computed_anew_it_is_the_same(self) -> None:
        if not hasattr(self, "floor"):
            return
        before, desk = self.case, self.floor.reception.desk
        again = asyncio.run(desk.store.transact(lambda tx: refold(desk, tx, AGENT, before.case_id)))
        assert again == before


TestHands = Hands.TestCase
TestHands.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
