"""The demo's second story: one guest on WhatsApp, on the telephone and on Instagram, and one case for it all.

She asks on WhatsApp; after two turns that solve nothing the rules hand her over to the telephone; she is sold there
and gets her summary on WhatsApp. Then she writes on Instagram. An Instagram user proves nothing about a telephone
number, so the service opens a case of its own and guesses nothing; once she has named the reservation that only her
WhatsApp was told, an agent says that the two are one person. From then on her next message finds the case by itself.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from cli.demo_guest import IGSID, NUMBER, USER
from cli.demo_story import Scene

Body = dict[str, Any]
PATIENCE_S = 15.0
STEP_S = 0.1
A_MOMENT_S = 1.1  # WhatsApp stamps whole seconds: within the same one it would seem that she wrote before the answer


async def a_guest_writes_on_whatsapp(scene: Scene) -> None:
    """A signed delivery opens a case whose clock runs; a person's answer stops it. The provider delivers twice."""
    stranger = await scene.guest.unsigned()
    statuses = await scene.guest.whatsapp("Hello! Do you have a room for two in a quiet corner?", times=2)
    scene.tell("A guest writes on WhatsApp from {phone}; it is delivered twice.", phone=_masked(NUMBER))
    scene.check("wrong_signature_is_refused", 401, stranger)
    scene.check("signed_delivery_is_taken", [200, 200], statuses)
    case = await _newest(scene, "whatsapp")
    scene.kept["case_id"] = case["case_id"]
    before = case["clocks"]["first_response"]["state"]
    sent = await _answer(scene, "We do. May I ask for your dates?")
    after = await _case(scene)
    scene.tell("Case {case} is opened and answered: {status}.", case=case["case_id"], status=sent)
    clock = after["clocks"]["first_response"]
    states = (before, sent, bool(clock["stopped_at"]))
    scene.check("first_answer_stops_the_clock", ("running", "accepted", True), states, evidence=clock["state"])


async def two_turns_become_a_call(scene: Scene) -> None:
    """One turn is a talk; two that solve nothing are handed over, with all the next agent must know."""
    asked = "My sister may come too. What does it cost?"
    after_one = (await _case(scene))["handoffs"]
    await scene.sleep(A_MOMENT_S)
    await scene.guest.whatsapp(asked)
    await _until(scene, lambda case: len(_from_guest(case)) > 1)
    await _answer(scene, "That depends on her room.")
    case = await _until(scene, lambda case: bool(case["handoffs"]))
    one = case["handoffs"][0]
    scene.kept["handoff"] = one
    scene.tell("Two turns, nothing solved: handed over to the {channel}, {state}.", channel=one["to_channel"],
               state=one["state"])  # fmt: skip
    scene.check("delivered_twice_is_one_contact", 2, len(_from_guest(case)), evidence="two messages, three deliveries")
    scene.check("one_turn_is_no_handoff", 0, len(after_one))
    scene.check("two_turns_are_handed_over", ("unsolved_turns", "phone"), (one["trigger"], one["to_channel"]),
                evidence=one["handoff_id"])  # fmt: skip
    packet = one["packet"]
    scene.check("the_agent_knows_what_was_asked", (2, asked), (packet["turns"], packet["asked"]))


async def the_call_sells_and_is_summed_up(scene: Scene) -> None:
    """The call is of the same case, sells, and its summary lands on the guest's WhatsApp."""
    one = scene.kept["handoff"]
    if one["state"] == "offered":
        await _move(scene, "accepted")
    wish = {"guest_id": one["packet"]["guest"]["guest_id"], "direction": "out"}
    call = await scene.agent.post("/v1/calls", wish)
    await _move(scene, "connected")
    scene.check("the_call_joins_the_case", scene.kept["case_id"], call["case_id"], evidence=call["call_id"])
    quote = await scene.quote(scene.arrival + timedelta(days=14), 5)
    sale = {"to": "confirmed", "guarantee": "card", "offer_id": quote["offer_id"], "pick": 1}
    sold = await scene.agent.post("/v1/reservations", sale, key="demo-call-sale")
    scene.kept["summed_up"] = sold.body
    scene.check("sold_on_the_call", ("confirmed", 1), (sold["status"], await scene.pms.count_live(sold["pms_ref"])),
                evidence=sold["reservation_id"])  # fmt: skip
    ended = await scene.agent.post(f"/v1/calls/{call['call_id']}/end", {"outcome": "sold"})
    scene.check("the_whatsapp_lead_is_won", ("sold", "won"), (ended["outcome"], ended["lead"]))
    solved = await _move(scene, "solved")
    scene.check("the_handoff_is_solved", "solved", solved["state"], evidence=one["handoff_id"])
    place = f"/v1/reservations/{sold['reservation_id']}/send"
    summary = await scene.agent.post(place, {"via": "whatsapp"}, key="demo-summary")
    box = scene.guest.box("whatsapp")
    scene.tell("Rung up, sold, lead {lead}; on her WhatsApp: {count} answers and the summary.", lead=ended["lead"],
               count=len(box) - 1)  # fmt: skip
    scene.check("the_summary_is_accepted", "accepted", summary["status"], evidence=summary["outbox_id"])
    text = str(box[-1].body.get("text", {}).get("body", ""))
    line = next((one for one in text.splitlines() if sold["pms_ref"] in one), "")
    scene.holds("the_summary_is_in_her_box", condition=bool(line), evidence=line)


async def instagram_lands_in_the_same_case(scene: Scene) -> None:
    """Nobody is linked by guess: she proves who she is, an agent merges, and the next message finds the case."""
    await scene.guest.instagram("Hi, Anna here. Could we have a cot in our room?")
    other = await _newest(scene, "instagram")
    scene.holds("an_unproven_user_is_not_linked", condition=other["case_id"] != scene.kept["case_id"])
    await _answer(scene, "Gladly. Which reservation number is in your summary?", case_id=other["case_id"])
    number = scene.kept["summed_up"]["pms_ref"]
    await scene.guest.instagram(f"It says {number}.")
    proven = await _until(scene, lambda case: len(_from_guest(case)) > 1, case_id=other["case_id"])
    said = _from_guest(proven)[-1]["text"]
    scene.holds("she_names_what_only_whatsapp_told_her", condition=number in said, evidence=said)
    mine = await _case(scene)
    await scene.merge(mine["guest_id"], other["guest_id"], "Named the number of her WhatsApp summary on Instagram.")
    merged = await _case(scene, other["case_id"])
    scene.check("merged_cases_are_one", scene.kept["case_id"], merged["case_id"], evidence=other["case_id"])
    await scene.guest.instagram("Thank you!")
    case = await _until(scene, _is_thanked)
    scene.tell("On Instagram she names her reservation; merged by hand, all in case {case}.", case=case["case_id"])
    scene.holds("her_next_message_finds_the_case", condition=_is_thanked(case), evidence=case["case_id"])
    channels = sorted({one["channel"] for one in case["contacts"]})
    scene.check("one_case_across_channels", "instagram, phone, whatsapp", ", ".join(channels), evidence=case["case_id"])
    written = Counter(one.receiver for name in ("whatsapp", "instagram") for one in scene.guest.box(name))
    scene.check("every_message_went_to_her", _told({USER: 3, IGSID: 1}), _told(written))


def _is_thanked(case: Body) -> bool:
    return any(one["text"] == "Thank you!" for one in case["contacts"])


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} to {receiver}" for receiver, count in sorted(counts.items()))


def _masked(phone: str) -> str:
    return "+** *** *** " + phone[-2:]


def _from_guest(case: Body) -> list[Body]:
    return [one for one in case["contacts"] if one["sender"] == "guest" and one["channel"] != "phone"]


async def _answer(scene: Scene, text: str, *, case_id: str | None = None) -> str:
    """An agent's answer; how it left."""
    place = f"/v1/cases/{case_id or scene.kept['case_id']}/messages"
    return str((await scene.agent.post(place, {"text": text}))["status"])


async def _move(scene: Scene, state: str) -> Body:
    place = f"/v1/handoffs/{scene.kept['handoff']['handoff_id']}/step"
    return (await scene.agent.post(place, {"state": state})).body


async def _case(scene: Scene, case_id: str | None = None) -> Body:
    return (await scene.agent.get(f"/v1/cases/{case_id or scene.kept['case_id']}")).body


async def _newest(scene: Scene, channel: str) -> Body:
    """The newest case that began on a channel, once there is one; IndexError when none comes."""
    waited = 0.0
    while not (found := (await scene.agent.get(f"/v1/cases?channel={channel}"))["cases"]) and waited < PATIENCE_S:
        await scene.sleep(STEP_S)
        waited += STEP_S
    return await _case(scene, str(found[0]["case_id"]))


async def _until(scene: Scene, is_so: Callable[[Body], bool], *, case_id: str | None = None) -> Body:
    """A case once something is so, or as it is when patience ends; the checks then say what is missing."""
    waited = 0.0
    while not is_so(case := await _case(scene, case_id)) and waited < PATIENCE_S:
        await scene.sleep(STEP_S)
        waited += STEP_S
    return case


QUEUE_CHAPTERS: tuple[Callable[[Scene], Awaitable[None]], ...] = (
    a_guest_writes_on_whatsapp,
    two_turns_become_a_call,
    the_call_sells_and_is_summed_up,
    instagram_lands_in_the_same_case,
)
