"""A reception whose people work on cases: short calls for long use cases, each with a key of its own."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from domain.access import Actor, Role
from domain.presence import Presence, PresenceState
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.handoff_case import HandoffMove, hand_over, move_handoff
from integration.usecases.handoff_case_rules import Wish
from integration.usecases.keep_users import add_user, make_token
from integration.usecases.lead_add import LeadCard, add_lead
from integration.usecases.lead_close import lose_lead, start_lead, win_lead
from integration.usecases.list_cases import CaseQuestion, list_cases, show_case
from integration.usecases.set_presence import PresenceWish, set_presence
from integration.usecases.work_case import assign_case, step_case, tag_case
from integration.usecases.write_guest import GuestCard
from tests.builders import an_actor
from tests.intake.reception import Reception, a_reception

BOSS = an_actor(Role.ADMIN, "boss")
AGENT = an_actor()
ANNA = GuestCard("Anna Schmidt", "+49 151 23456789", "anna@example.com")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def _keep(tx: Tx, *, there: Presence) -> None:
    tx.put_presence(there)


@dataclass
class Floor:
    """The reception, and `actor` who works."""

    reception: Reception = field(default_factory=a_reception)
    actor: Actor = AGENT
    keys: int = 0

    def key(self) -> str:
        self.keys += 1
        return f"k-{self.keys}"

    def answered(self, answer: Coroutine[Any, Any, Answer]) -> Body:
        found: Answer = run(answer)
        return found.body

    def lead(self, **card: Any) -> Body:
        whole = LeadCard(**{"guest": ANNA, "text": "Family room in July?", **card})
        return self.answered(add_lead(self.reception.desk, self.actor, whole, self.key()))

    def tag(self, case_id: str, *add: str, remove: tuple[str, ...] = ()) -> Body:
        return self.answered(tag_case(self.reception.desk, self.actor, case_id, self.key(), add=add, remove=remove))

    def assign(self, case_id: str, to: str | None) -> Body:
        return self.answered(assign_case(self.reception.desk, self.actor, case_id, self.key(), to))

    def step(self, case_id: str, step: Any) -> Body:
        return self.answered(step_case(self.reception.desk, self.actor, case_id, self.key(), step))

    def start(self, case_id: str) -> Body:
        return self.answered(start_lead(self.reception.desk, self.actor, case_id, self.key()))

    def win(self, case_id: str, reservation_id: str | None = None) -> Body:
        return self.answered(win_lead(self.reception.desk, self.actor, case_id, self.key(), reservation_id))

    def lose(self, case_id: str, reason: str | None) -> Body:
        return self.answered(lose_lead(self.reception.desk, self.actor, case_id, self.key(), reason))

    def over(self, case_id: str, wish: Wish) -> Body:
        return self.answered(hand_over(self.reception.desk, self.actor, case_id, self.key(), wish))

    def move(self, handoff_id: str, state: Any, **more: Any) -> Body:
        wanted = HandoffMove(state, **more)
        return self.answered(move_handoff(self.reception.desk, self.actor, handoff_id, self.key(), wanted))

    def show(self, case_id: str, actor: Actor = BOSS) -> Body:
        found: Body = run(show_case(self.reception.desk, actor, case_id))
        return found

    def listed(self, **asked: Any) -> list[str]:
        found: Body = run(list_cases(self.reception.desk, BOSS, CaseQuestion(**asked)))
        return [one["case_id"] for one in found["cases"]]

    def hire(self, *names: str, languages: tuple[str, ...] = ()) -> None:
        """Agents who are at the desk for the next month and can take a guest."""
        now = self.reception.office.clock.now()
        for name in names:
            run(add_user(self.reception.desk, BOSS, name, Role.OPERATOR))
            run(make_token(self.reception.desk, BOSS, name))
            there = Presence(name, PresenceState.AVAILABLE, now, now + timedelta(days=30), languages)
            run(self.reception.desk.store.transact(partial(_keep, there=there)))

    def says(self, name: str, state: PresenceState, lasts: timedelta | None = None, languages: Any = None) -> Body:
        wish = PresenceWish(state, name, lasts, languages)
        found: Body = run(set_presence(self.reception.desk, BOSS, wish))
        return found
