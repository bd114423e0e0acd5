"""`santral kpi live` on a terminal: one frame after the other in the same place, cut to the window, until Ctrl-C.

The frames are drawn on the terminal's other page, so what was there before is back at the end. A look that the world
fails (a store that is locked, a disk) is told under the last figures and tried again: a wall board lives for days.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from integration.errors import ServiceError
from integration.usecases.marks import N_

if TYPE_CHECKING:
    from cli.context import Session
    from cli.screens.blocks import Screen

Body = dict[str, Any]
OTHER_PAGE, FIRST_PAGE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
HOME, LINE_END, REST = "\x1b[H", "\x1b[K", "\x1b[J"
PLAIN = "\x1b[0m"
MORE = N_("... more lines: a larger window or --kpi SLUG shows them.")
_MARK = re.compile(r"\x1b\[[0-9;]*m")


def watch(session: "Session", look: Callable[[], Body], screen: "Callable[[Body, int], Screen]", every: int) -> None:
    """Draw what `look` gives every so many seconds. `screen`: of a body, for a window of so many columns. What the
    first look raises, and what cannot get better by waiting, is the caller's."""
    printer = session.printer
    body = look()
    try:
        printer.raw(OTHER_PAGE)
        trouble = ""
        while True:
            columns, lines = printer.size
            printer.raw(frame(printer.text(screen(body, columns)), columns, lines, session.reader(MORE), trouble))
            session.run(lambda desk: desk.clock.sleep(every))
            try:
                body, trouble = look(), ""
            except ServiceError as error:
                trouble = session.reader(error.template, **error.params)
    except KeyboardInterrupt:
        return
    finally:
        printer.raw(FIRST_PAGE)


def frame(text: str, columns: int, lines: int, more: str, trouble: str = "") -> str:
    """What puts a text in the place of the last frame: at most so many lines, none longer than the window."""
    shown = text.splitlines()
    room = max(lines - bool(trouble), 1)
    if len(shown) > room:
        shown = [*shown[: room - 1], more]
    if trouble:
        shown.append(f"! {trouble}")
    return HOME + f"{LINE_END}\n".join(cut(line, columns) for line in shown) + LINE_END + REST


def cut(line: str, columns: int) -> str:
    """A line of so many characters at most; colours take no room and do not run on."""
    if len(_MARK.sub("", line)) <= columns:
        return line
    found, room, place = list[str](), columns, 0
    for mark in _MARK.finditer(line):
        part = line[place : mark.start()][:room]
        found += [part, mark.group()]
        room -= len(part)
        place = mark.end()
    return "".join([*found, line[place:][:room], PLAIN])
