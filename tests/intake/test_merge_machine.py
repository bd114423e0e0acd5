"""Whatever comes, in whatever order, and however often people are merged and parted: nothing is lost, nothing doubled,
and parting gives back what there was.

The model is small: which contacts were delivered, and which merges stand. From these alone the cases must follow.
"""

import asyncio
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.access import Actor, Role
from domain.errors import Refused
from domain.guest import GuestId
from integration.usecases.merge_guests import merge_guests, unmerge_guest
from integration.usecases.people import root_of
from tests.intake.reception import MIDNIGHT, Reception, Writer, a_reception, digest

AGENT = Actor("agent7", Role.SUPERVISOR, "cli")
WRITERS = tuple(Writer("", f"TR.{number:010d}", f"Guest {number}") for number in range(4))
HOURS = st.integers(0, 400)
WHO = st.sampled_from(range(len(WRITERS)))


class Queue(RuleBasedStateMachine):
    """Deliver, repeat, hold back, merge, part, resolve."""

    @initialize()
    def open(self) -> None:
        self.desk: Reception = a_reception()
        self.sent: dict[str, tuple[int, int]] = {}
        self.files: dict[int, str] = {}
        self.merges: list[str] = []
        self.resolved = False
        self.desk.office.clock.set(MIDNIGHT + timedelta(hours=401))

    @rule(who=WHO, hour=HOURS)
    def write(self, who: int, hour: int) -> None:
        at = MIDNIGHT + timedelta(hours=hour)
        number = self.desk.write(WRITERS[who], f"{who} at {hour}", at, f"w{who}.{hour}")
        self.desk.take_in()
        self.sent[number] = (who, hour)
        case = next(case for case in self.desk.cases() for row in self.desk.messages(case) if row.provider_id == number)
        row = next(row for row in self.desk.messages(case) if row.provider_id == number)
        assert row.guest_id is not None
        assert self.files.setdefault(who, row.guest_id) == row.guest_id

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.sent)))
        who, hour = self.sent[number]
        before = self.state()
        self.desk.write(WRITERS[who], f"{who} at {hour}", MIDNIGHT + timedelta(hours=hour), number)
        assert sum(one.effects for one in self.desk.take_in()) == 0
        assert self.state() == before

    @precondition(lambda self: len(self.files) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, other = data.draw(st.permutations(sorted(self.files.values())))[:2]
        try:
            merge = asyncio.run(merge_guests(self.desk.desk, AGENT, one, other, "it is the same voice"))
        except Refused:
            return
        self.merges.append(merge.merge_id)

    @precondition(lambda self: self.merges)
    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        merge_id = data.draw(st.sampled_from(self.merges))
        self.merges.remove(merge_id)
        asyncio.run(unmerge_guest(self.desk.desk, AGENT, merge_id, "another person after all"))

    @precondition(lambda self: len(self.files) > 1)
    @rule(data=st.data())
    def merge_and_part_at_once_changes_nothing(self, data: st.DataObject) -> None:
        before, numbers = self.state(), self.numbers()
        one, other = data.draw(st.permutations(sorted(self.files.values())))[:2]
        try:
            merge = asyncio.run(merge_guests(self.desk.desk, AGENT, one, other, "a slip"))
        except Refused:
            return
        asyncio.run(unmerge_guest(self.desk.desk, AGENT, merge.merge_id, "a slip"))
        assert self.state() == before
        assert self.numbers() == numbers

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def resolve(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self.desk.cases()))
        self.desk.change(case.case_id, "resolved")
        self.resolved = True

    @invariant()
    def every_contact_is_in_one_case(self) -> None:
        rows = [row.provider_id for case in self.desk.cases() for row in self.desk.messages(case)]
        assert sorted(map(str, rows)) == sorted(self.sent)

    @invariant()
    def no_case_has_two_persons(self) -> None:
        for case in self.desk.cases():
            people = {self.root(str(row.guest_id)) for row in self.desk.messages(case)}
            assert len(people) == 1

    @invariant()
    def the_cases_follow_from_contacts_and_merges(self) -> None:
        if self.resolved:
            return
        found = sorted(sorted(str(row.provider_id) for row in self.desk.messages(case)) for case in self.desk.cases())
        assert found == self.expected()

    def expected(self) -> list[list[str]]:
        """By person, cut where more than 72 hours pass."""
        people: dict[str, list[tuple[int, str]]] = {}
        for number, (who, hour) in self.sent.items():
            people.setdefault(self.root(self.files[who]), []).append((hour, number))
        cases: list[list[str]] = []
        for mine in people.values():
            last = -1_000
            for hour, number in sorted(mine):
                if hour - last > 72:
                    cases.append([])
                cases[-1].append(number)
                last = hour
        return sorted(sorted(case) for case in cases)

    def root(self, guest_id: str) -> str:
        return str(self.desk.read(lambda tx: root_of(tx, GuestId(guest_id))))

    def state(self) -> str:
        cases = self.desk.cases()
        return str(self.desk.read(lambda tx: digest(tx, cases)))

    def numbers(self) -> set[str]:
        return {case.case_id for case in self.desk.cases()}


TestQueue = Queue.TestCase
TestQueue.settings = settings(settings.default, max_examples=25, stateful_step_count=20, deadline=None)
