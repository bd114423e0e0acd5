"""Plays one script to its end: waits out its pauses, sends what it asks, judges, and keeps the books.

A request is due when the answer before it was there, plus the pauses between; the first is due when its contact is. A
write stands in the journal before it is sent. Neither the waiting nor the sending is done here, so the order of things
can be read, and tested, without a network.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from loadtests.driver.clock import NS, now_ns
from loadtests.journal import Entry
from loadtests.journal_file import JournalFile
from loadtests.recorder import Recorder
from loadtests.scripts.steps import NO_ANSWER, Answer, Ask, Pause, Script

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
Judge = Callable[[Answer, int, int], str]
Send = Callable[[Ask, Judge], Answer]


@dataclass(frozen=True, slots=True)
class Stage:
    """What all scripts of a process are played on. `wait_until` returns at an instant or later."""

    recorder: Recorder
    journal: JournalFile
    speed: float
    wait_until: Callable[[int], None]

    def play(self, script: Script, contact: int, due: int, send: Send, closing: int | None = None) -> None:
        """One script, from `due` on; its pauses of season time end at `closing` at the latest. What the script itself
        raises comes through."""
        try:
            step = next(script)
            while True:
                if isinstance(step, Pause):
                    due = self._after(step, due, closing)
                    self.wait_until(due)
                    step = script.send(NO_ANSWER)
                else:
                    answer, due = self._ask(step, contact, due, send)
                    step = script.send(answer)
        except StopIteration:
            return

    def _after(self, pause: Pause, due: int, closing: int | None) -> int:
        if pause.is_real:
            return due + int(pause.seconds * NS)
        end = due + int(pause.seconds / self.speed * NS)
        return end if closing is None else max(due, min(end, closing))

    def _ask(self, ask: Ask, contact: int, due: int, send: Send) -> tuple[Answer, int]:
        intended = ask.intended(now_ns())
        if intended is not None:
            self.journal.write(intended)
        ended = due

        def judge(answer: Answer, sent: int, done: int) -> str:
            nonlocal ended
            ended = done
            problem = _problem(ask, answer)
            if intended is not None:
                self.journal.write(_known(ask, intended, done, answer))
            timing = answer.headers.get("server-timing", "")
            self.recorder.write(ask.operation, ask.persona, contact, (due, sent, done), answer.status, problem, timing)
            return problem

        return send(ask, judge), ended


def _problem(ask: Ask, answer: Answer) -> str:
    try:
        return ask.problem(answer)
    except UNREADABLE:
        return "unreadable"


def _known(ask: Ask, intended: Entry, at_ns: int, answer: Answer) -> Entry:
    try:
        return ask.entry(at_ns, answer) or intended
    except UNREADABLE:
        return msgspec.structs.replace(
            intended, at_ns=at_ns, fate=answer.fate, http_status=answer.status, problem="unreadable"
        )
