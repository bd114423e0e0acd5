"""The ways a guest's name may be written in the PMS.

How a PMS compares names is not promised, and its clerks have written them as they heard or could type them: Akçay or
Akcay, Jüttner or Juettner, Egorova for somebody who types Егорова. So a search asks for a few other spellings besides
the typed one, made from the keys that names are filed under here.
"""

import re
from dataclasses import dataclass

from integration.usecases.desk import Desk

MOST_SPELLINGS = 3
_BY_EAR = "~"
_TWO_FOR_ONE = re.compile("([aou])e")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a name."""

    given: str
    surname: str


def other_spellings(desk: Desk, given: str, surname: str) -> list[Spelling]:
    """At most three other ways a name may be written: without marks, the German way, in Latin letters, and with one
    letter where two were typed (Juettner: juttner, which a PMS that compares without marks takes for Jüttner)."""
    ways = max((len(_written(desk, word)) for word in f"{given} {surname}".split()), default=0)
    found = [Spelling(_in_way(desk, given, way), _in_way(desk, surname, way)) for way in range(ways)]
    found.append(Spelling(_TWO_FOR_ONE.sub(r"\1", given.lower()), _TWO_FOR_ONE.sub(r"\1", surname.lower())))
    typed = Spelling(given.casefold(), surname.casefold())
    return [one for one in dict.fromkeys(found) if one != typed and one.surname][:MOST_SPELLINGS]


def _written(desk: Desk, word: str) -> list[str]:
    return sorted(key for key in desk.names.keys(word) if not key.startswith(_BY_EAR))


def _in_way(desk: Desk, name: str, way: int) -> str:
    """A name word by word, each in its n-th spelling, or its last."""
    written = [_written(desk, word) for word in name.split()]
    return " ".join(spelt[min(way, len(spelt) - 1)] for spelt in written if spelt)


def begins_alike(desk: Desk, stored: str, typed: str) -> bool:
    """Whether a surname begins with the typed one in some spelling of both."""
    keys = desk.names.keys(typed)
    return any(ours.startswith(theirs) for ours in desk.names.keys(stored) for theirs in keys)
