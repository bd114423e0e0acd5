"""Who a guest is, through the service: merged and parted once by supervisors, shown masked to operators."""

from typing import Any

from tests.service.house import House, play


async def two_files(house: House) -> tuple[str, str]:
    """The same woman under two numbers."""
    made = []
    for phone in ("+49 151 23456789", "+49 151 23456780"):
        reply = await house.agent.post("/v1/leads", {"name": "Anna Schmidt", "phone": phone, "channel": "partner"})
        made.append(str(reply.json["guest_id"]))
    return made[0], made[1]


async def merged(house: House, one: str, other: str, **more: Any) -> Any:
    return await house.chief.post(f"/v1/guests/{one}/merge", {"other": other, "reason": "The same voice."}, **more)


def test_two_guests_are_merged_once_and_their_cases_are_one():
    async def story(house: House) -> None:
        one, other = await two_files(house)
        first = await merged(house, one, other, key="m")
        again = await merged(house, one, other, key="m")
        assert (first.status, first.json["winner"], first.json["loser"]) == (200, one, other)
        assert (again.headers["idempotency-replayed"], again.json) == ("true", first.json)
        person = (await house.chief.get(f"/v1/guests/{other}/person")).json
        assert (person["person"], len(person["files"]), len(person["cases"])) == (one, 2, 1)

    play(story)


def test_parting_them_gives_back_two_people_and_is_done_once():
    async def story(house: House) -> None:
        one, other = await two_files(house)
        await merged(house, one, other)
        wrong = {"reason": "His sister."}
        first = await house.chief.post(f"/v1/guests/{other}/unmerge", wrong, key="u")
        again = await house.chief.post(f"/v1/guests/{other}/unmerge", wrong, key="u")
        assert (first.json["undone_by"], first.json["reason"]) == ("chief", "His sister.")
        assert (again.headers["idempotency-replayed"], again.json) == ("true", first.json)
        assert len((await house.chief.get(f"/v1/guests/{one}/person")).json["cases"]) == 1
        assert (await house.chief.post(f"/v1/guests/{other}/unmerge", wrong)).status == 404

    play(story)


def test_an_operator_sees_a_person_masked_and_merges_nobody():
    async def story(house: House) -> None:
        one, other = await two_files(house)
        body = {"other": other, "reason": "The same voice."}
        assert (await house.agent.post(f"/v1/guests/{one}/merge", body)).json["code"] == "forbidden"
        assert (await house.agent.post(f"/v1/guests/{one}/unmerge", {"reason": "x"})).status == 403
        seen = await house.agent.get(f"/v1/guests/{one}/person")
        assert seen.json["files"][0]["masked"] is True
        assert "23456789" not in seen.raw.decode()

    play(story)


def test_what_is_no_merge_is_refused():
    async def story(house: House) -> None:
        one, other = await two_files(house)
        place = f"/v1/guests/{one}/merge"
        assert (await house.chief.post(place, {"other": one, "reason": "x"})).status == 409
        assert (await house.chief.post(place, {"other": other, "reason": " "})).status == 422
        assert (await house.chief.post(place, {"other": "gst_none", "reason": "x"})).status == 404
        assert (await house.chief.get("/v1/guests/gst_none/person")).status == 404

    play(story)
