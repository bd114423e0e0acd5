"""What-ifs of the command line: `team.phone.ru+=1`, `demand.factor=1.2`, `work.phone.sales.mean_s*=1.1`.

They change the whole scenario before it is validated, so the schema types them: `team.phone.ru=2.5` is refused as any
file would be. `+=`, `-=` and `*=` change the number that stands there, or every number of a list; a whole number stays
whole (rounded half up). Items of a list are counted from 1: `hotels[1].copies=4`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches

from scenarios.file_faults import TomlFaultError, dotted, keys_beside, toml_of
from scenarios.scenario_layers import Layer
from scenarios.scenario_marks import Mark
from scenarios.schema.faults import KeyPath
from scenarios.schema.season import Scenario

Refusal = Callable[[str, str, str], Exception]
_SET = re.compile(r"\s*([^\s=+*]+?)\s*(\+=|-=|\*=|=)\s*(.+?)\s*", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_STEP = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")
FORM = "write it as path=value, path+=number, path-=number or path*=number"


class WhatIfError(Exception):
    """A what-if that cannot be done: one sentence."""


def settled(content: dict[str, object], sets: Sequence[str], refusal: Refusal) -> tuple[dict[str, object], list[Layer]]:
    """The content with the what-ifs applied in their order, and a layer for each. Raises what `refusal` makes of the
    text typed, the path and a sentence."""
    content = deepcopy(content) if sets else content
    layers = []
    for typed in sets:
        found = _SET.fullmatch(typed)
        path = _path(found[1]) if found else None
        if found is None or path is None:
            raise refusal(typed, "", FORM)
        try:
            _change(content, path, found[2], _value(found[3]))
        except WhatIfError as error:
            raise refusal(typed, found[1], str(error)) from None
        lines = {path[:end]: 0 for end in range(1, len(path) + 1)}
        layers.append(Layer(f"--set {typed}", {}, lines, {path: Mark("what_if")}))
    return content, layers


def _path(text: str) -> KeyPath | None:
    path: list[str | int] = []
    for part in text.split("."):
        step = _STEP.fullmatch(part)
        if step is None:
            return None
        path += [step[1], *(int(number) - 1 for number in re.findall(r"\d+", step[2]))]
    return tuple(path)


def _value(text: str) -> object:
    try:
        return toml_of(f"v = {text}")["v"]
    except (TomlFaultError, KeyError):
        return Decimal(text) if _NUMBER.fullmatch(text) else text


def _change(content: dict[str, object], path: KeyPath, sign: str, value: object) -> None:
    holder = _holder(content, path)
    key = path[-1]
    before = _at(holder, key)
    if before is None and (sign != "=" or not isinstance(holder, dict)):
        raise WhatIfError(_no_such(content, path))
    after = value if sign == "=" else _reckoned(before, sign, value)
    if isinstance(before, dict) and not isinstance(after, dict):
        raise WhatIfError(f"it is a table; name one of its keys ({', '.join(map(str, before))})")
    holder[key] = after  # type: ignore[index]


def _holder(content: dict[str, object], path: KeyPath) -> dict[str, object] | list[object]:
    """The table or list the last step stands in; a table that is not there yet is made."""
    here: dict[str, object] | list[object] = content
    for place, step in enumerate(path[:-1]):
        below = _at(here, step)
        if below is None and isinstance(here, dict) and step in keys_beside(path[: place + 1], Scenario):
            below = here[str(step)] = {}
        if not isinstance(below, dict | list):
            raise WhatIfError(_no_such(content, path))
        here = below
    return here


def _at(holder: object, step: str | int) -> object:
    if isinstance(holder, dict):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
        return holder[step]
    return None


def _reckoned(before: object, sign: str, by: object) -> object:
    if isinstance(before, list) and before:
        return [_reckoned(one, sign, by) for one in before]
    if isinstance(before, bool) or not isinstance(before, int | Decimal | float):
        raise WhatIfError(f"{sign} needs a number or a list of numbers there")
    if isinstance(by, bool) or not isinstance(by, int | Decimal):
        raise WhatIfError(f"{sign} needs a number behind it")
    old = Decimal(str(before))
    try:
        new = old * by if sign == "*=" else old + by if sign == "+=" else old - by
    except ArithmeticError:
        raise WhatIfError("the number that comes out is too large") from None
    return int(new.to_integral_value(ROUND_HALF_UP)) if isinstance(before, int) and sign == "*=" else _same(before, new)


def _same(before: object, new: Decimal) -> object:
    return int(new) if isinstance(before, int) and new == new.to_integral_value() else new


def _no_such(content: dict[str, object], path: KeyPath) -> str:
    near = get_close_matches(dotted(path), [dotted(one) for one in _paths(content)], n=1)
    return f"there is no such value in the scenario{f'; did you mean {near[0]}?' if near else ''}"


def _paths(content: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, one in items:
        yield from _paths(one, (*path, key))
