"""The generator with the shortest script there is: writes, journalled and checked, `BENCH_ASKS` a contact."""

import os
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

from loadtests.driver.run import Cast  # noqa: E402
from loadtests.driver.users import users_of  # noqa: E402
from loadtests.scripts.steps import Answer, Ask, Contact, Script, World  # noqa: E402
from loadtests.words import Persona  # noqa: E402

ASKS = int(os.environ.get("BENCH_ASKS", "1"))
HEADERS = {"Content-Type": "application/json"}


def check(answer: Answer) -> str:
    return "" if answer.body.get("status") == "held" else "wrong_status"


def told(answer: Answer) -> dict[str, str]:
    return {"ref": answer.body["reservation_id"], "status": answer.body["status"]}


def script_of(contact: Contact, world: World) -> Script:
    about = {"contact": contact.number, "hotel_id": "belek-resort"}
    for turn in range(ASKS):
        key = f"{world.plan.run_id}-{contact.number}-{turn}"
        headers = {**HEADERS, "Idempotency-Key": key}
        yield Ask(
            "hold", Persona.OPERATOR, "POST", "/hold", headers, b'{"n":1}',
            key=key, check=check, told=told, about=about,
        )  # fmt: skip


LoadUser = users_of(os.environ, sys.argv[1:], Cast(script_of, lambda _world, _process: []))
