"""The roster as a scenario file: whoever doubts it runs it.

The file stands on the scenario that was sized and says only what is different: the week, the heads of every shift, the
shifts that were made for it, and what the command line had set. Its seed is the one the last word was spoken on, so as
many replications give the same figures to the last digit.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scenarios.loader import shipped_hotels
from scenarios.scenario_loader import LoadedScenario, load_scenario, shipped_scenarios
from scenarios.schema.season_words import WEEK
from scenarios.toml_text import toml_text
from sim.staffing.cover import Hire
from sim.staffing.prove import with_team

Content = dict[str, Any]
MADE = {"source": "derived", "note": "santral sim staff"}
LONGEST_NAME = 60


def roster_scenario(
    loaded: LoadedScenario, path_or_name: str, hires: Sequence[Hire], monday: date, seed: int, out: Path
) -> str:
    """The text of a scenario file in the folder `out`. `loaded`: what was sized, what-ifs included; `path_or_name`:
    what it was read from; `seed`: what to draw it from."""
    is_shipped = path_or_name in shipped_scenarios()
    wanted = with_team(loaded, hires, monday).content
    wanted["hotels"] = _hotels(loaded, out)
    before = load_scenario(path_or_name)
    plain = {**before.content, "hotels": _hotels(before, out)}
    over = difference(plain, wanted)
    for name in ("season", "team", "shifts"):
        if name in over:
            over[name] = {**MADE, **over[name]}
    last = monday + timedelta(days=WEEK - 1)
    title = loaded.scenario.title
    head = {
        "schema": 1,
        "extends": path_or_name if is_shipped else os.path.relpath(path_or_name, out),
        "name": f"roster-{loaded.name}"[:LONGEST_NAME],
        "seed": seed,
        "title": {"tr": f"{title.tr}: vardiya planı", "en": f"{title.en}: roster"},
    }
    told = (
        f"# The roster of {monday} to {last}, written by `santral sim staff`; whatever is not here is the base's.\n\n"
    )
    return told + toml_text({**head, **{key: one for key, one in over.items() if key not in head}})


def difference(below: Mapping[str, Any], above: Mapping[str, Any]) -> Content:
    """What has to be said over `below` to come to `above`, as `extends` merges: tables key by key, the rest whole."""
    found: Content = {}
    for key, value in above.items():
        under = below.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            inner = difference(under, value)
            if inner:
                found[key] = inner
        elif key not in below or under != value:
            found[key] = value
    return found


def _hotels(loaded: LoadedScenario, out: Path) -> list[Content]:
    """The hotels as a file in `out` finds them."""
    found, first = [], 0
    for use, written in zip(loaded.scenario.hotels, loaded.content["hotels"], strict=True):  # type: ignore[call-overload]
        file = loaded.hotels[first].file
        first += use.copies
        found.append({**written, "file": file if file in shipped_hotels() else os.path.relpath(file, out)})
    return found
