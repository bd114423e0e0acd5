"""A case of the verification: a name, the exact figures, and how the engine is asked for the same ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.proofs.estimates import Estimate
from sim.proofs.feed import Chance


@dataclass(frozen=True, slots=True)
class Case:
    """`exact(chance)`: figures by name (a formula does not look at the draws); `simulate(chance)`: the same names from
    the engine, and maybe more. `contacts`: how many a full run draws; `quick`: how many a quick one does (0: it leaves
    the case out)."""

    name: str
    exact: Callable[[Chance], Mapping[str, float]]
    simulate: Callable[[Chance], Mapping[str, Estimate]]
    contacts: int
    quick: int = 0
