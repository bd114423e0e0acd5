"""Live figures: one look where nobody watches, frames that fit the window where somebody does."""

import asyncio
import io
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.context import Session
from cli.exit_codes import ExitCode
from cli.kpi_live import FIRST_PAGE, HOME, OTHER_PAGE, cut, frame, watch
from cli.main import main
from cli.screens.blocks import Text
from integration.adapters.store import open_store
from integration.errors import StoreUnavailable
from integration.usecases.desk import Desk
from tests.kpi.exports import Exporting


class Terminal(io.StringIO):
    """A window of 80 columns and 24 lines that somebody looks at."""

    def isatty(self) -> bool:
        return True


class Watched:
    """A clock in whose last sleep somebody presses Ctrl-C."""

    def __init__(self, clock: Any, sleeps: int) -> None:
        self._clock, self.left = clock, sleeps

    def now(self) -> Any:
        return self._clock.now()

    def monotonic(self) -> float:
        return float(self._clock.monotonic())

    async def sleep(self, _seconds: float) -> None:
        self.left -= 1
        if not self.left:
            signal.raise_signal(signal.SIGINT)
            await asyncio.get_running_loop().create_future()


def watched(house: Exporting, sleeps: int, *words: str) -> tuple[int, str, str]:
    """Exit code, what the terminal got, stderr."""
    out, err = Terminal(), io.StringIO()
    clock = Watched(house.clock, sleeps)

    def opened(_settings: Any, _at_end: Any) -> Desk:
        return replace(house.desk, clock=clock, store=open_store(house.store, inline=True, create=False))

    session = Session(environ={}, opener=opened, out=out, err=err, stdin=io.StringIO())
    code = main(("kpi", "live", *words), session)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def house(tmp_path: Path) -> Exporting:
    return Exporting.of_the_week(tmp_path)


def test_in_a_pipe_it_looks_once(house: Exporting) -> None:
    ended = house.run("kpi", "live")
    assert ended.code == ExitCode.DONE, ended.err
    assert ended.out.count("Missed leads right now") == 1
    assert "\x1b" not in ended.out
    assert "rows" in house.run("kpi", "live", "--json").body


def test_json_on_a_terminal_is_one_document(house: Exporting) -> None:
    code, out, _ = watched(house, 3, "--json")
    assert code == ExitCode.DONE
    assert out.startswith("{")
    assert OTHER_PAGE not in out


def test_frames_are_drawn_in_one_place_and_the_old_page_comes_back(house: Exporting) -> None:
    code, out, err = watched(house, 3)
    assert (code, err) == (ExitCode.DONE, "")
    assert out.startswith(OTHER_PAGE)
    assert out.endswith(FIRST_PAGE)
    assert out.count(HOME) == 3
    assert "Ctrl-C ends" in out


def test_a_frame_fits_the_window(house: Exporting) -> None:
    _, out, _ = watched(house, 1, "--by", "channel")
    (shown,) = out.removeprefix(OTHER_PAGE).removesuffix(FIRST_PAGE).split(HOME)[1:]
    lines = shown.replace("\x1b[K", "").replace("\x1b[J", "").split("\n")
    assert len(lines) <= 24
    assert max(len(cut(line, 1000).replace("\x1b[0m", "")) for line in lines if "\x1b[3" not in line) <= 80


def test_a_look_that_fails_is_told_and_tried_again(house: Exporting) -> None:
    out, looks = Terminal(), iter([None, StoreUnavailable("The store is locked."), None])

    def look() -> dict[str, Any]:
        trouble = next(looks)
        if trouble is not None:
            raise trouble
        return {}

    desk = replace(house.desk, clock=Watched(house.clock, 3))
    session = Session(environ={}, opener=lambda *_: desk, out=out, err=io.StringIO())
    watch(session, look, lambda _body, _columns: [Text("All is well.")], 2)
    session.close()
    first, second, third = out.getvalue().split(HOME)[1:]
    assert "! The store is locked." in second
    assert "All is well." in second
    assert "!" not in first + third.removesuffix(FIRST_PAGE).replace("\x1b[?", "")


def test_what_is_cut_is_cut_by_what_is_seen() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcdef", 4).startswith("abcd\x1b")
    assert cut("\x1b[31mabcdef\x1b[0m", 4).startswith("\x1b[31mabcd\x1b[0m")
    assert "ef" not in cut("\x1b[31mabc\x1b[0mdef", 4)


def test_trouble_stands_in_the_last_line_and_too_much_is_said_to_be_more() -> None:
    text = "\n".join(f"line {n}" for n in range(10))
    shown = frame(text, 40, 5, "... more", str(StoreUnavailable("The store is locked.")))
    lines = shown.removeprefix(HOME).replace("\x1b[K", "").replace("\x1b[J", "").split("\n")
    assert lines == ["line 0", "line 1", "line 2", "... more", "! The store is locked."]
