"""`GET /v1/audit/verify`: for supervisors, whole when nobody touched it."""

import sqlite3

from tests.service.house import House, play


def test_a_supervisor_may_verify_the_audit_and_an_agent_may_not():
    async def story(house: House) -> None:
        assert (await house.book()).status == 201
        reply = await house.chief.get("/v1/audit/verify")
        assert reply.status == 200
        assert (reply.json["status"], reply.json["first_bad"], reply.json["findings"]) == ("whole", None, [])
        assert reply.json["rows"] == reply.json["head"] > 3
        assert (await house.agent.get("/v1/audit/verify")).json["code"] == "forbidden"

    play(story)


def test_an_edited_row_is_named():
    async def story(house: House) -> None:
        await house.offer()
        connection: sqlite3.Connection = house.office.desk.store._connection  # type: ignore[attr-defined]
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET body = replace(body, 'boss', 'thief') WHERE seq = 2")
        reply = await house.chief.get("/v1/audit/verify")
        assert (reply.json["status"], reply.json["first_bad"]) == ("tampered", 2)
        assert reply.json["findings"] == [{"seq": 2, "fault": "altered"}]

    play(story)
