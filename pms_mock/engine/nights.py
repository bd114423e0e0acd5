"""The nights of a stay as they are kept: runs of equal nights, `[first day, how many, net, gross, extras]`."""

from collections.abc import Sequence

import msgspec

from pms_mock.engine.days import plus
from pms_mock.engine.pricing import Night

Run = tuple[str, int, int, int, int]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Run]).decode


def pack(stay: Sequence[Night]) -> str:
    """Text of the runs."""
    runs: list[list[str | int]] = []
    previous: Night | None = None
    for night in stay:
        if previous and (previous.net, previous.gross, previous.extras) == (night.net, night.gross, night.extras):
            runs[-1][1] = int(runs[-1][1]) + 1
        else:
            runs.append([night.day, 1, night.net, night.gross, night.extras])
        previous = night
    return _encode(runs).decode()


def uniform(first: str, count: int, net: int, gross: int) -> str:
    """Text of one run without extras."""
    return f'[["{first}",{count},{net},{gross},0]]'


def unpack(text: str) -> list[Night]:
    """The single nights."""
    return [
        Night(plus(first, step), net, gross, extras)
        for first, count, net, gross, extras in _decode(text)
        for step in range(count)
    ]


def runs_of(text: str) -> list[Run]:
    """The runs themselves."""
    return _decode(text)
