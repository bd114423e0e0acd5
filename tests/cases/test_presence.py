"""A guest is offered only to an agent who says that he is there, speaks the guest's language and may sell."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.errors import Forbidden, InvalidInput, NotFound, Refused
from domain.presence import Presence, PresenceState
from integration.ports.records import User
from integration.usecases.keep_users import revoke_user
from integration.usecases.presence import list_presence
from integration.usecases.set_presence import PresenceWish, set_presence
from tests.builders import an_actor
from tests.cases.desk import AGENT, BOSS, Floor, run
from tests.intake.reception import MIDNIGHT, Writer

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna")
TURKISH, ENGLISH = "Rezervasyonumu iptal etmek istiyorum, lütfen", "I want to cancel my booking, please"
AVAILABLE, AWAY, OFFLINE = PresenceState


def offered(floor: Floor, text: str = TURKISH, minutes: float = 0) -> tuple[str, str | None]:
    """To whom the handoff of an urgent message goes, and how it stands."""
    floor.reception.write(ANNA, text, NINE + timedelta(minutes=minutes))
    floor.reception.take_in()
    one = floor.reception.read(lambda tx: tx.list_handoffs())[0]
    return one.state, one.to_actor


def stands(floor: Floor, name: str) -> str:
    body = run(list_presence(floor.reception.desk, AGENT))
    (found,) = [str(one["state"]) for one in body["agents"] if one["name"] == name]
    return found


@pytest.mark.parametrize(("state", "wanted"), [(AVAILABLE, "offered"), (AWAY, "callback"), (OFFLINE, "callback")])
def test_a_guest_is_offered_only_to_who_is_available(state: PresenceState, wanted: str):
    floor = Floor()
    floor.hire("deniz")
    floor.reception.office.clock.set(NINE)
    floor.says("deniz", state)
    assert offered(floor)[0] == wanted


def test_a_user_who_never_said_anything_is_not_there():
    floor = Floor()
    run(floor.reception.desk.store.transact(lambda tx: tx.add_user(a_user(floor))))
    assert (offered(floor), stands(floor, "deniz")) == (("callback", None), "offline")


def a_user(floor: Floor) -> User:
    return User("deniz", Role.OPERATOR, floor.reception.office.clock.now())


def test_what_is_not_renewed_ends_at_its_instant_and_what_is_goes_on_from_when_it_began():
    floor = Floor()
    floor.hire("deniz")
    clock = floor.reception.office.clock
    clock.set(NINE)
    floor.says("deniz", AWAY)
    first = floor.says("deniz", AVAILABLE, timedelta(minutes=10))
    clock.set(NINE + timedelta(minutes=9))
    again = floor.says("deniz", AVAILABLE, timedelta(minutes=10))
    assert (first["since"], again["since"], again["until"]) == (
        "2027-05-03T06:00:00Z", "2027-05-03T06:00:00Z", "2027-05-03T06:19:00Z",
    )  # fmt: skip
    clock.set(NINE + timedelta(minutes=18, seconds=59))
    assert stands(floor, "deniz") == "available"
    clock.set(NINE + timedelta(minutes=19))
    assert stands(floor, "deniz") == "offline"
    assert offered(floor, minutes=19) == ("callback", None)


def test_who_goes_gives_back_what_was_offered_to_him():
    floor = Floor()
    floor.hire("deniz", "efe")
    assert offered(floor) == ("offered", "deniz")
    floor.says("deniz", AWAY)
    (one,) = floor.reception.read(lambda tx: tx.list_handoffs())
    assert (one.state, one.to_actor) == ("offered", "efe")
    floor.says("efe", OFFLINE)
    (one,) = floor.reception.read(lambda tx: tx.list_handoffs())
    assert (one.state, one.to_actor, one.due_at is not None) == ("callback", None, True)
    floor.says("deniz", OFFLINE)
    assert len(floor.reception.read(lambda tx: tx.list_handoffs())) == 1


def test_only_a_change_is_put_into_the_audit():
    floor = Floor()
    floor.hire("deniz")
    floor.reception.office.clock.set(NINE)
    for state in (AWAY, AWAY, AVAILABLE, AVAILABLE):
        floor.says("deniz", state)
    rows = floor.reception.read(lambda tx: tx.tail_audit(20))
    assert sum("presence_set" in row for row in rows) == 2


@pytest.mark.parametrize(
    ("text", "wanted"), [(TURKISH, ("offered", "zeynep")), (ENGLISH, ("offered", "bob")), ("🙏 cancel", None)]
)
def test_a_guest_goes_to_who_speaks_his_language(text: str, wanted: tuple[str, str] | None):
    floor = Floor()
    floor.hire("bob", languages=("en", "de"))
    floor.hire("zeynep", languages=("tr",))
    floor.hire("maria", languages=("ru",))
    found = offered(floor, text)
    assert found == wanted if wanted else found[0] in {"offered", "callback"}


def test_nobody_who_speaks_it_is_a_call_back_and_one_who_said_no_language_speaks_any():
    floor = Floor()
    floor.hire("maria", languages=("ru",))
    assert offered(floor) == ("callback", None)
    floor = Floor()
    floor.hire("maria", languages=("ru",))
    floor.hire("nil")
    assert offered(floor) == ("offered", "nil")


def test_a_revoked_user_is_offered_nobody_however_available_he_says_he_is():
    floor = Floor()
    floor.hire("deniz")
    run(revoke_user(floor.reception.desk, BOSS, "deniz"))
    assert offered(floor) == ("callback", None)
    with pytest.raises(Refused):
        floor.says("deniz", AVAILABLE)


def test_who_is_named_says_it_for_himself_and_a_supervisor_for_others():
    floor = Floor()
    floor.hire("deniz", AGENT.name)
    desk = floor.reception.desk
    assert run(set_presence(desk, AGENT, PresenceWish(AWAY)))["state"] == "away"
    with pytest.raises(Forbidden):
        run(set_presence(desk, AGENT, PresenceWish(AWAY, "deniz")))
    assert run(set_presence(desk, an_actor(Role.SUPERVISOR, "chief"), PresenceWish(AWAY, "deniz")))["name"] == "deniz"
    with pytest.raises(NotFound):
        run(set_presence(desk, BOSS, PresenceWish(AWAY, "nobody")))


@pytest.mark.parametrize(
    "wish",
    [
        PresenceWish(AVAILABLE, "deniz", timedelta(seconds=1)),
        PresenceWish(AVAILABLE, "deniz", timedelta(days=2)),
        PresenceWish(AVAILABLE, "deniz", None, ("turkish",)),
        PresenceWish(AVAILABLE, "deniz", None, tuple(f"a{chr(97 + place)}" for place in range(11))),
    ],
)
def test_what_cannot_be_meant_is_refused(wish: PresenceWish):
    floor = Floor()
    floor.hire("deniz")
    with pytest.raises(InvalidInput):
        run(set_presence(floor.reception.desk, BOSS, wish))


def test_a_list_of_cases_says_whose_agent_is_not_at_the_desk():
    from integration.usecases.list_cases import CaseQuestion, list_cases

    floor = Floor()
    floor.hire("deniz")
    floor.reception.write(ANNA, "Merhaba", NINE)
    floor.reception.take_in()
    (case,) = floor.reception.cases()

    def line() -> str | None:
        (one,) = run(list_cases(floor.reception.desk, AGENT, CaseQuestion()))["cases"]
        found: str | None = one["assignee_presence"]
        return found

    assert line() is None
    floor.assign(case.case_id, "deniz")
    assert line() == "available"
    floor.says("deniz", AWAY)
    assert line() == "away"
    floor.reception.office.clock.set(NINE + timedelta(hours=5))
    assert line() == "offline"


def test_a_presence_that_ran_out_stands_offline_since_then():
    one = Presence("deniz", AVAILABLE, NINE, NINE + timedelta(minutes=15))
    late = NINE + timedelta(hours=1)
    assert (one.state_at(late), one.since_at(late)) == (OFFLINE, one.until)
