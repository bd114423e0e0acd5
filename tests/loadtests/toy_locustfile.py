"""A locustfile of the tests: every contact asks the toy server a few times, and some go round beside them."""

import os
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

from loadtests.driver.run import Cast  # noqa: E402
from loadtests.driver.users import users_of  # noqa: E402
from loadtests.scripts.steps import Ask, Contact, Pause, Script, World  # noqa: E402
from loadtests.words import Persona  # noqa: E402

OPERATIONS = os.environ.get("TOY_OPERATIONS", "hold").split()
PAUSE = float(os.environ.get("TOY_PAUSE", "0"))
BACKGROUND = int(os.environ.get("TOY_BACKGROUND", "0"))
JSON = {"Content-Type": "application/json"}


def write(operation: str, key: str, contact: int) -> Ask:
    return Ask(
        operation,
        Persona.OPERATOR,
        "POST",
        f"/{operation}",
        {**JSON, "Idempotency-Key": key},
        b'{"n":1}',
        key=key,
        told=lambda answer: {"ref": str(answer.body["ref"])},
        about={"contact": contact},
    )


def script_of(contact: Contact, world: World) -> Script:
    for turn, operation in enumerate(OPERATIONS):
        yield write(operation, f"{world.plan.run_id}-{contact.number}-{turn}", contact.number)
        if PAUSE:
            yield Pause(PAUSE, is_real=True)


def going_round(world: World) -> Script:
    while not world.is_over():
        yield Ask("board", Persona.SUPERVISOR, "GET", "/board", {})
        yield Pause(0.1, is_real=True)


def background(world: World, process: int) -> list[Script]:
    return [] if process else [going_round(world) for _ in range(BACKGROUND)]


LoadUser = users_of(os.environ, sys.argv[1:], Cast(script_of, background))
