"""What the personas notice: answers whose status is fine and whose content is not, and answers that never come.

The answers of the real service are changed on their way. A defect that is planted is found by its own slug.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtests.journal import Fate, latest
from loadtests.scripts.steps import Answer, Ask
from tests.loadtests.stage import Played, Spoil, Stage, a_contact, a_stage

Body = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


@pytest.fixture
def stage(made: Path, tmp_path: Path) -> Iterator[Stage]:
    with a_stage(made, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def told(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Some calls that sold, as they were answered."""
    with a_stage(made, tmp_path_factory.mktemp("told")) as found:
        return found.play(*(a_contact(one, stage_u=0.61 + one / 25) for one in range(9)))


def spoiled(operation: str, change: Callable[[Body], object]) -> Spoil:
    """The successes of an operation, changed in place."""

    def spoil(ask: Ask, answer: Answer) -> Answer:
        if ask.operation != operation or not answer.is_good:
            return answer
        body = msgspec.json.decode(answer.raw)
        change(body)
        return Answer(answer.status, answer.headers, msgspec.json.encode(body))

    return spoil


def dearer(body: Body) -> None:
    body["total"]["amount"] = "9999.00"


def dearer_choice(body: Body) -> None:
    for one in body["choices"]:
        one["total"]["amount"] = "9999.00"


def first_choice(**changes: object) -> Callable[[Body], None]:
    return lambda body: body["choices"][0].update(changes) if body["choices"] else None


def put(**changes: object) -> Callable[[Body], None]:
    return lambda body: body.update(changes)


@pytest.mark.parametrize(
    ("operation", "change", "slug"),
    [
        ("quote", dearer_choice, "wrong_price"),
        ("quote", first_choice(available_rooms=0), "wrong_rooms"),
        ("quote", first_choice(pick=7), "wrong_choices"),
        ("quote", first_choice(nightly=[]), "wrong_nights"),
        ("quote", put(check_in="2027-08-01"), "wrong_dates"),
        ("quote", put(adults=5), "wrong_party"),
        ("quote", put(valid_until="2027-08-01T00:00:00Z"), "wrong_validity"),
        ("quote", put(call_id="cal_another"), "wrong_call"),
        ("hold", dearer, "wrong_price"),
        ("hold", put(pms_ref=None), "wrong_pms_ref"),
        ("hold", put(expires_at="2027-08-01T00:00:00Z"), "wrong_deadline"),
        ("hold", put(room_type="SUITE9"), "wrong_room"),
        ("confirm", put(status="hold"), "wrong_status"),
        ("confirm", put(reservation_id="res_another"), "wrong_reservation"),
        ("confirm", put(pms_ref="1"), "wrong_reservation"),
        ("call_start", put(hotel_id="OTHER"), "wrong_hotel_id"),
        ("call_end", put(outcome="abandoned"), "wrong_outcome"),
    ],
)
def test_a_wrong_answer_on_a_call_is_found_by_name(
    told: Played, operation: str, change: Callable[[Body], object], slug: str
):
    taken = [one for one in told.of(operation) if one.answer.is_good]
    assert [one.problem for one in taken] == [""] * len(taken)
    spoil = spoiled(operation, change)
    assert slug in {one.ask.problem(spoil(one.ask, one.answer)) for one in taken}


def test_a_message_that_is_in_no_case_is_found(stage: Stage):
    def swallow(ask: Ask, answer: Answer) -> Answer:
        return Answer(200, raw=b'{"cases":[],"next":null}') if ask.operation == "case_list" else answer

    played = stage.play(a_contact(channel="whatsapp"), spoil=swallow)
    assert {one[:2] for one in played.problems()} == {("case_list", "message_late")}


def test_a_message_that_stands_twice_in_its_case_is_found(stage: Stage):
    change = spoiled("case_show", lambda body: body["contacts"].extend(body["contacts"][:1]))
    played = stage.play(a_contact(channel="whatsapp"), spoil=change)
    assert {one[1] for one in played.problems()} == {"wrong_message_twice"}


def test_an_answer_the_visitor_cannot_see_is_found(stage: Stage):
    played = stage.play(a_contact(channel="web_chat", turns=2), spoil=spoiled("chat", put(messages=[])))
    assert {one[:2] for one in played.problems()} == {("chat", "answer_not_shown")}


def test_an_answer_that_was_replayed_at_first_is_found(stage: Stage):
    def replay(_ask: Ask, answer: Answer) -> Answer:
        return Answer(answer.status, {**answer.headers, "idempotency-replayed": "true"}, answer.raw)

    played = stage.play(a_contact(), spoil=replay)
    assert {one[1] for one in played.problems()} == {"wrong_replay"}


def test_a_write_whose_answer_is_lost_is_sent_again_under_its_key_and_done_once(stage: Stage):
    lost: set[str] = set()

    def lose(ask: Ask, answer: Answer) -> Answer:
        if ask.told is None or ask.key in lost:
            return answer
        lost.add(ask.key)
        return Answer(0, error="timeout")

    played = stage.play(*(a_contact(one, stage_u=0.99) for one in range(6)), spoil=lose)
    assert {one[1] for one in played.problems()} == {"timeout"}
    for key, fates in fates_by_key(played.journal).items():
        assert fates == [Fate.INTENDED, Fate.UNKNOWN, Fate.INTENDED, Fate.ACKNOWLEDGED], key
    assert {str(one.ask.is_repeat) for one in played.took if one.ask.told is not None} == {"True", "False"}
    sold = {one.ref for one in played.journal if one.ref.startswith("res_")}
    assert len(stage.rows("SELECT reservation_id FROM reservations")) == len(sold) > 0


def test_a_write_that_nobody_can_answer_for_stays_unknown(stage: Stage):
    def lose(ask: Ask, answer: Answer) -> Answer:
        return Answer(0, error="connection") if ask.operation == "hold" else answer

    played = stage.play(*(a_contact(one, stage_u=0.05) for one in range(2)), spoil=lose)
    holds = [one for one in latest(played.journal).values() if one.operation == "hold"]
    assert [one.fate for one in holds] == [Fate.UNKNOWN] * len(holds)
    assert Counter(one.ask.key for one in played.of("hold")) == Counter({one.key: 3 for one in holds})
    assert {one.answer.body["outcome"] for one in played.of("call_end")} == {"follow_up"}


def fates_by_key(journal: list[Any]) -> dict[str, list[Fate]]:
    found: dict[str, list[Fate]] = {}
    for one in journal:
        if one.operation != "offer_send":
            found.setdefault(one.key, []).append(one.fate)
    return found
