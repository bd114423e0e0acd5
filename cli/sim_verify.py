"""The work of `santral sim verify`: run the cases, tell how far it is, date the answer."""

from typing import Any

from cli.context import Session
from cli.sim_seasons import check_seed
from integration.adapters.clock import SystemClock
from sim.verify import SEED, body_of, verify


def verified(session: Session, seed: int | None, *, quick: bool) -> dict[str, Any]:
    """The body that is printed."""
    check_seed(seed)
    chosen = SEED if seed is None else seed
    rows = verify(chosen, quick=quick, tell=lambda at, of, case: session.progress(f"{at}/{of} {case}"))
    clock = session.clock or SystemClock(session.settings.clock_offset)
    return body_of(rows, chosen, clock.now().date().isoformat(), quick=quick)
