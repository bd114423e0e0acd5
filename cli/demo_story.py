"""The story that `santral demo` tells, chapter by chapter; each chapter ends in checks.

A chapter is an async function of `Scene`; it tells what happens, keeps what later chapters need on the scene, and
adds checks. `CHAPTERS` is the selling story; the one queue's is told in `cli.demo_queue` on the same scene.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from cli.demo_client import Agent, Reply
from cli.demo_guest import Writer

Body = dict[str, Any]
Tell = Callable[..., None]
HOLD_PATIENCE_S = 25.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table at the end."""

    name: str
    target: str
    measured: str
    is_met: bool
    evidence: str = ""


class PmsWindow(Protocol):
    """A look at what the hotel really has, past our store, through the PMS's own interface."""

    async def count_live(self, pms_ref: str) -> int:
        """How many live records carry this record's reference."""
        ...

    async def status_of(self, pms_ref: str) -> str:
        """The PMS's word for a record's state."""
        ...

    async def rooms_left(self, room_type: str, night: date) -> int:
        """Rooms of a type that are free on a night."""
        ...


@dataclass
class Scene:
    """What the chapters share. `merge(one, other, reason)`: an agent says that two guest files are one person."""

    agent: Agent
    pms: PmsWindow
    tell: Tell
    repeat_phone: str
    arrival: date
    stop_sale: tuple[str, date]
    sleep: Callable[[float], Awaitable[None]]
    guest: Writer
    merge: Callable[[str, str, str], Awaitable[None]]
    checks: list[Check] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    def check(self, name: str, target: object, measured: object, *, evidence: str = "") -> None:
        """Met when measured equals target."""
        self.checks.append(Check(name, str(target), str(measured), str(target) == str(measured), evidence))

    def holds(self, name: str, *, condition: bool, evidence: str = "") -> None:
        """Met when the condition holds."""
        self.check(name, "yes", "yes" if condition else "no", evidence=evidence)

    async def quote(self, check_in: date, nights: int, **more: object) -> Reply:
        """A quote for two."""
        wish = {"check_in": check_in.isoformat(), "nights": nights, "adults": 2, **more}
        return await self.agent.post("/v1/quotes", wish)

    async def hold(self, quote: Reply, key: str, pick: int = 1, **more: object) -> Reply:
        """A hold on a choice of a quote."""
        return await self.agent.post(
            "/v1/reservations", {"to": "hold", "offer_id": quote["offer_id"], "pick": pick, **more}, key=key
        )


async def a_repeat_guest_is_recognised(scene: Scene) -> None:
    """The telephone rings; the screen knows who it is before the agent says hello."""
    scene.tell("A guest who has stayed before rings from {phone}.", phone="+** *** *** " + scene.repeat_phone[-2:])
    call = await scene.agent.post("/v1/calls", {"phone": scene.repeat_phone})
    stays = call.body.get("stays") or call.body.get("history") or []
    scene.kept["call_id"] = call["call_id"]
    scene.tell("On the screen: {stays} earlier stays, call {call}.", stays=len(stays), call=call["call_id"])
    scene.holds("repeat_guest_recognised", condition=call.body.get("repeat") is True, evidence=call["call_id"])


async def he_is_quoted_held_and_paid(scene: Scene) -> None:
    """Quote, hold, deposit; the payment confirms, and the record was in the PMS all along."""
    quote = await scene.quote(scene.arrival, 7)
    first = quote["choices"][0]
    scene.tell(
        "{count} choices; the first: {room}, {total} {currency} for 7 nights.",
        count=len(quote["choices"]), room=first["room_name"], total=first["total"]["amount"],
        currency=first["total"]["currency"],
    )  # fmt: skip
    scene.holds("two_or_three_choices", condition=len(quote["choices"]) in {2, 3}, evidence=quote["offer_id"])
    held = await scene.hold(quote, "demo-hold-1")
    scene.tell("Held: {reservation}, PMS number {ref}.", reservation=held["reservation_id"], ref=held["pms_ref"])
    scene.check("hold_is_in_the_pms_at_once", 1, await scene.pms.count_live(held["pms_ref"]), evidence=held["pms_ref"])
    paid = await scene.agent.post(
        f"/v1/reservations/{held['reservation_id']}/pay",
        {"amount": held["deposit_due"], "method": "bank_transfer"},
        key="demo-pay-1",
    )
    scene.tell("The deposit of {due} is paid: {status}.", due=held["deposit_due"]["amount"], status=paid["status"])
    scene.check("payment_confirms", "confirmed", paid["status"], evidence=paid["reservation_id"])
    scene.check("same_pms_record_for_life", held["pms_ref"], paid["pms_ref"])
    scene.kept["sold"] = paid.body
    scene.kept["first_offer"] = quote


async def the_same_key_twice_is_one_record(scene: Scene) -> None:
    """The agent's screen froze and he pressed again: the same key gives the same answer."""
    again = await scene.hold(scene.kept["first_offer"], "demo-hold-1")
    sold = scene.kept["sold"]
    scene.tell("The same request comes twice: answer {status}, replayed.", status=again.status)
    scene.check("same_key_same_reservation", sold["reservation_id"], again["reservation_id"])
    scene.check("replay_is_marked", "true", again.headers.get("idempotency-replayed"))
    scene.check("one_live_record_in_the_pms", 1, await scene.pms.count_live(sold["pms_ref"]), evidence=sold["pms_ref"])


async def a_stop_sale_is_met_in_red(scene: Scene) -> None:
    """The next guest wants a week the hotel has closed; he is sold other dates."""
    room_type, day = scene.stop_sale
    quote = await scene.quote(day, 3, room_type=room_type)
    levels = {alert["level"] for room in quote["closed"] for alert in room["alerts"]}
    codes = {alert["code"] for room in quote["closed"] for alert in room["alerts"]}
    text = next((alert["text"] for room in quote["closed"] for alert in room["alerts"]), "-")
    scene.tell("Red: {text}", text=text)
    scene.holds("stop_sale_is_red", condition="red" in levels and "stop_sale" in codes, evidence=text)
    scene.check("nothing_sellable_is_an_answer", (200, 0), (quote.status, len(quote["choices"])))
    others = [one for one in quote["alternatives"] if one["kind"] == "other_dates" and one["total"]]
    scene.holds("other_dates_are_offered", condition=bool(others), evidence=str([one["check_in"] for one in others]))
    if not others:
        return
    other = await scene.quote(date.fromisoformat(others[0]["check_in"]), others[0]["nights"], room_type=room_type)
    guest = {"name": "Deniz Aksoy", "phone": "+49 151 23456789", "email": "deniz.aksoy@example.com"}
    option = await scene.agent.post(
        "/v1/reservations",
        {"to": "confirmed", "guarantee": "card", "offer_id": other["offer_id"], "pick": 1, "guest": guest},
        key="demo-other-dates",
    )
    scene.tell("Sold on other dates: {status}, {check_in}.", status=option["status"], check_in=option["check_in"])
    scene.check("sold_on_other_dates", "confirmed", option["status"], evidence=option["reservation_id"])


async def a_hold_lapses_by_itself(scene: Scene) -> None:
    """Nobody decides in time: the room goes back to the hotel without anybody doing anything."""
    quote = await scene.quote(scene.arrival + timedelta(days=21), 2)
    room_type = quote["choices"][0]["room_type"]
    before = await scene.pms.rooms_left(room_type, scene.arrival + timedelta(days=21))
    held = await scene.hold(quote, "demo-hold-2")
    scene.tell("Held until {until}; nobody decides.", until=held["expires_at"])
    path, waited = f"/v1/reservations/{held['reservation_id']}", 0.0
    now = await scene.agent.get(path)
    while now["status"] == "hold" and waited < HOLD_PATIENCE_S:
        await scene.sleep(0.5)
        waited += 0.5
        now = await scene.agent.get(path)
    scene.tell("It lapsed: {status}.", status=now["status"])
    after = await scene.pms.rooms_left(room_type, scene.arrival + timedelta(days=21))
    scene.check("hold_expires_by_itself", "expired", now["status"], evidence=held["reservation_id"])
    scene.check("its_room_is_free_again", before, after, evidence=room_type)
    scene.check("lapse_is_a_cancellation_in_the_pms", "Cancelled", await scene.pms.status_of(held["pms_ref"]))


async def a_wrong_entry_is_cancelled(scene: Scene) -> None:
    """The agent typed the wrong week; penalty shown first, then cancelled, with its history."""
    quote = await scene.quote(scene.arrival + timedelta(days=7), 3)
    wrong = await scene.agent.post(
        "/v1/reservations",
        {"to": "confirmed", "guarantee": "agency", "offer_id": quote["offer_id"], "pick": 1},
        key="demo-wrong",
    )
    path = f"/v1/reservations/{wrong['reservation_id']}"
    shown = await scene.agent.post(f"{path}/cancel", {"dry_run": True})
    done = await scene.agent.post(f"{path}/cancel", {"reason": "wrong week"})
    scene.tell("A wrong entry: penalty {due}, then {status}.", due=shown["penalty"]["amount"], status=done["status"])
    history = (await scene.agent.get(f"{path}/history")).body
    lines = history.get("history") or history.get("rows") or []
    scene.check("penalty_is_shown_before", "confirmed", shown["status"])
    both = (done["status"], await scene.pms.status_of(wrong["pms_ref"]))
    scene.check("wrong_entry_is_cancelled", ("cancelled", "Cancelled"), both)
    scene.check("history_tells_both_steps", 2, len(lines), evidence=wrong["reservation_id"])


async def the_call_ends_with_its_result(scene: Scene) -> None:
    """No call ends without one; this one sold."""
    path = f"/v1/calls/{scene.kept['call_id']}/end"
    refused = await scene.agent.post(path, {"outcome": "not_sold"})
    ended = await scene.agent.post(path, {"outcome": "sold"})
    scene.tell("The call ends: {outcome}.", outcome=ended["outcome"])
    evidence = str(refused.body.get("detail", ""))
    scene.check("lost_call_without_reason_is_refused", 409, refused.status, evidence=evidence)
    scene.check("call_ends_with_its_result", ("sold", "won"), (ended["outcome"], ended.body.get("lead")))


CHAPTERS: tuple[Callable[[Scene], Awaitable[None]], ...] = (
    a_repeat_guest_is_recognised,
    he_is_quoted_held_and_paid,
    the_same_key_twice_is_one_record,
    a_stop_sale_is_met_in_red,
    a_hold_lapses_by_itself,
    a_wrong_entry_is_cancelled,
    the_call_ends_with_its_result,
)
