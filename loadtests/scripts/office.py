"""Who works beside the agents: supervisors on the board, and admins who import and roll back while others sell.

Both go round until no more contacts come. A supervisor looks at the clocks, at what is late and at the tasks; an admin
types in a batch of leads, makes a reservation that is wrong, plans its rollback and applies it, and reads the audit.
"""

from datetime import timedelta

from numpy.random import Generator as Dice

from loadtests.scripts import contents
from loadtests.scripts.asking import Going, Numbers, Person, surely
from loadtests.scripts.contents import Sale, Wish
from loadtests.scripts.leads import add_lead
from loadtests.scripts.people import card_of_regular
from loadtests.scripts.selling import NOT_HELD
from loadtests.scripts.steps import NO_ANSWER, Answer, Ask, Body, Check, Pause, Script, World
from loadtests.words import Persona

LEADS, ROUNDS_PER_IMPORT = 5, 3
_LEAST_LEAD, _MOST_LEAD, _TRIES, _NIGHTS = 40, 120, 3, 5
_REASON = "Entered for a load test."


def looks_at_clock(world: World) -> Script:
    """What the service's clock shows. A supervisor's question, because it must not be a write."""
    chief = Person(world, Persona.SUPERVISOR, "supervisor", 0, Numbers(world.plan.run_id, "clock"))
    answer = yield chief.read("clocks", "/v1/clocks", check=_clocks)
    shown = contents.instant_of(answer.body.get("as_of"))
    if shown is not None:
        world.hears(shown)


def watches(world: World, place: int, dice: Dice) -> Script:
    """One supervisor's board."""
    numbers = Numbers(world.plan.run_id, f"s{place}")
    chief = Person(world, Persona.SUPERVISOR, "supervisor", place % len(world.tokens["supervisor"]), numbers)
    while not world.is_over():
        yield chief.read("clocks", "/v1/clocks", check=_clocks)
        yield chief.read("cases_late", "/v1/cases?breaching=true&limit=50", check=_rows("cases"))
        yield chief.read("cases_open", "/v1/cases?open=true&limit=50", check=_rows("cases"))
        yield chief.read("tasks", "/v1/tasks?limit=50", check=_rows("tasks"))
        yield Pause(float(dice.exponential(world.load.think.board_s)))


def administers(world: World, place: int, dice: Dice) -> Script:
    """One admin's rounds."""
    hotel = world.plan.hotels[place % len(world.plan.hotels)]
    numbers = Numbers(world.plan.run_id, f"a{place}")
    tokens = world.tokens["admin"]
    admin = Person(world, Persona.ADMIN, "admin", place % len(tokens), numbers, hotel_id=hotel.hotel_id)
    while not world.is_over():
        for one in range(LEADS):
            body = {**card_of_regular(int(dice.integers(1 << 30))), "channel": "partner", "text": f"Import {one + 1}."}
            yield from add_lead(admin, {**body, "hotel": hotel.hotel_id, "source": "load"})
        yield from _wrong_and_undone(admin, world, dice)
        yield admin.read("audit_tail", "/v1/audit/tail?limit=50", check=_rows("rows"))
        yield Pause(float(dice.exponential(world.load.think.board_s * ROUNDS_PER_IMPORT)))


def _wrong_and_undone(admin: Person, world: World, dice: Dice) -> Script:
    """A reservation of his own is entered, its rollback planned and applied; nobody else's is touched."""
    held = yield from _holds(admin, world, dice)
    if not held.is_good:
        return
    one = held.body["reservation_id"]
    ask = admin.write(
        "rollback_plan", "/v1/rollbacks", {"reservation_id": one, "reason": _REASON}, told=_told_rollback,
        check=contents.has(rollback_id=None, state="planned", target=one), about={"ref": one},
    )  # fmt: skip
    planned = yield from surely(ask)
    if planned.is_good:
        yield Pause(float(dice.exponential(world.load.think.agent_s)))
        yield from _applied(admin, planned.body, one)


def _holds(admin: Person, world: World, dice: Dice) -> Going:
    """A hold on one of the days to come that has something to sell."""
    answer = NO_ANSWER
    for _ in range(_TRIES):
        start = world.clock().date() + timedelta(days=int(dice.integers(_LEAST_LEAD, _MOST_LEAD)))
        wish = Wish(admin.hotel_id, start, _NIGHTS, 2)
        ask = admin.ask("quote", "/v1/quotes", wish.body(), check=contents.quoted(wish, {}, world.clock()))
        quote = yield from surely(ask)
        if quote.is_good and quote.body["choices"]:
            answer = yield from surely(_hold(admin, world, wish, quote.body))
            break
    return answer


def _hold(admin: Person, world: World, wish: Wish, quote: Body) -> Ask:
    choice = quote["choices"][0]
    sale = Sale(wish, choice["total"], choice["room_type"], choice["rate_plan"])
    body = {"to": "hold", "offer_id": quote["offer_id"], "pick": choice["pick"], "guest": card_of_regular(0)}
    return admin.write(
        "hold", "/v1/reservations", body, told=contents.told_reservation,
        check=contents.reserved(sale, "hold", world.clock()), noes=NOT_HELD,
        about={"quoted": choice["total"]["amount"]},
    )  # fmt: skip


def _applied(admin: Person, plan: Body, reservation_id: str) -> Going:
    """Applied, and the reservation is what the rollback says."""
    one = plan["rollback_id"]
    ask = admin.write(
        "rollback_apply", f"/v1/rollbacks/{one}/apply", {}, told=_told_rollback,
        check=contents.all_of(contents.has(rollback_id=one), _whole), noes=frozenset({"since_plan", "already_undone"}),
        about={"ref": reservation_id},
    )  # fmt: skip
    answer = yield from surely(ask)
    if answer.body.get("state") == "applied":
        undone = contents.has(reservation_id=reservation_id, status="rolled_back")
        answer = yield admin.read("reservation", f"/v1/reservations/{reservation_id}", check=undone)
    return answer


def _told_rollback(answer: Answer) -> dict[str, str]:
    """The reservation it undoes; its status once it is undone."""
    body = answer.body
    told = {"ref": contents.text_of(body.get("target"))}
    return told | ({"status": "rolled_back"} if body.get("state") == "applied" else {})


def _whole(answer: Answer) -> str:
    return "" if answer.body.get("state") == "applied" else "rollback_incomplete"


def _clocks(answer: Answer) -> str:
    return "" if answer.body.get("as_of") and isinstance(answer.body.get("rows"), list) else "no_clocks"


def _rows(name: str) -> Check:
    def check(answer: Answer) -> str:
        return "" if isinstance(answer.body.get(name), list) else "no_list"

    return check
