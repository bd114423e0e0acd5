"""Rollbacks and the writes they look for are kept and found again, on every store."""

from dataclasses import replace
from datetime import timedelta

from domain.rollback import Compensation, RollbackId, RollbackScope, RollbackState, StepStatus
from integration.ports.records import Intent, IntentId, IntentKind, IntentState
from integration.ports.rollbacks import Rollback, RollbackStep
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW


def a_rollback(number: int = 1, **over: object) -> Rollback:
    """A planned one."""
    one = Rollback(
        RollbackId(f"rbk_{number:06}"), RollbackState.PLANNED, RollbackScope.ACTOR, "agent7", "wrong week", NOW,
        "chief", '{"size":1}', from_at=NOW, to_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    return replace(one, **over)  # type: ignore[arg-type]


def a_step(line: int = 1, **over: object) -> RollbackStep:
    """A planned one."""
    step = RollbackStep(
        RollbackId("rbk_000001"), line, "BELEK1", Compensation.CANCEL, "res_1", StepStatus.PLANNED, "", f"k{line}", "{}"
    )
    return replace(step, **over)  # type: ignore[arg-type]


def test_a_rollback_is_read_back_with_its_steps_in_order(store: Played) -> None:
    one, steps = a_rollback(), [a_step(1), a_step(2, action=Compensation.REFUND_TASK), a_step(10)]
    store.write(lambda tx: tx.add_rollback(one, steps))
    assert store.read(lambda tx: tx.get_rollback(one.rollback_id)) == one
    assert store.read(lambda tx: tx.rollback_steps(one.rollback_id)) == steps
    assert store.read(lambda tx: tx.get_rollback_step(one.rollback_id, 2)) == steps[1]
    assert store.read(lambda tx: tx.get_rollback_step(one.rollback_id, 3)) is None
    assert store.read(lambda tx: tx.get_rollback(RollbackId("rbk_none"))) is None


def test_a_rollback_moves_on_only_from_the_state_it_is_expected_in(store: Played) -> None:
    one = a_rollback()
    store.write(lambda tx: tx.add_rollback(one, [a_step()]))
    begun = replace(one, state=RollbackState.APPLYING, applied_at=NOW, applied_by="chief")
    assert store.write(lambda tx: tx.update_rollback(begun, expected=(RollbackState.PLANNED,))) is True
    assert store.write(lambda tx: tx.update_rollback(begun, expected=(RollbackState.PLANNED,))) is False
    assert store.read(lambda tx: tx.get_rollback(one.rollback_id)) == begun
    done = a_step(status=StepStatus.DONE, document='{"left":2}')
    store.write(lambda tx: tx.update_rollback_step(done))
    assert store.read(lambda tx: tx.rollback_steps(one.rollback_id)) == [done]


def test_rollbacks_are_listed_newest_first_and_those_that_undo_one_are_found(store: Played) -> None:
    first, second = a_rollback(1), a_rollback(2, undoes=RollbackId("rbk_000001"))
    for one in (first, second):
        store.write(lambda tx, one=one: tx.add_rollback(one, []))  # type: ignore[misc]
    assert store.read(lambda tx: tx.list_rollbacks(after=None, limit=9)) == [second, first]
    assert store.read(lambda tx: tx.list_rollbacks(after=second.rollback_id, limit=9)) == [first]
    assert store.read(lambda tx: tx.undoings_of(first.rollback_id)) == [second]


def test_the_writes_of_a_run_an_actor_and_a_reservation_are_found_in_pages(store: Played) -> None:
    made = [
        Intent(
            IntentId(f"int_{n}"), IntentKind.CHANGE_BOOKING, IntentState.DONE, "BELEK1", "agent7", f"k{n}", "f", "r",
            "{}", NOW + timedelta(minutes=n), NOW, batch_id="run" if n % 2 else None, reservation_id="res_1",
        )
        for n in range(6)
    ]  # fmt: skip
    store.write(lambda tx: [tx.add_intent(one) for one in made])
    assert store.read(lambda tx: tx.intents_of_batch("run", after=None, limit=2)) == [made[1], made[3]]
    assert store.read(lambda tx: tx.intents_of_batch("run", after=made[3].intent_id, limit=2)) == [made[5]]
    span = (NOW + timedelta(minutes=2), NOW + timedelta(minutes=4))
    assert store.read(lambda tx: tx.intents_of_actor("agent7", *span, after=None, limit=9)) == made[2:4]
    assert store.read(lambda tx: tx.intents_of_actor("agent8", *span, after=None, limit=9)) == []
    assert store.read(lambda tx: tx.intents_of_reservation("res_1")) == made
