"""How well the load itself was made: the generator's own health, written by each of its processes at the end."""

from pathlib import Path

import msgspec

from loadtests.run_plan import GENERATOR


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """One generator process. `planned`: contacts it had to begin; `begun`, `ended`: contacts it did; `late`: contacts
    for which no user was free when they were due; `most_busy` of `pool` users at once; `cpu`: share of one core by
    second of the run; `wall_s`: first due to last done; `is_whole`: it came to its end by itself; `locust`: Locust's
    own table, `{operation: {p50, p95, p99, requests, failures}}`, to lay beside ours."""

    process: int
    planned: int
    begun: int
    ended: int
    late: int
    pool: int
    most_busy: int
    began_ns: int
    wall_s: float
    cpu: tuple[float, ...]
    is_whole: bool
    locust: dict[str, dict[str, float]]


def write_health(folder: Path, health: Health) -> None:
    """Into the run's folder, whole or not at all."""
    path = folder / GENERATOR.format(health.process)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(msgspec.json.encode(health))
    part.replace(path)


def read_health(folder: Path) -> list[Health]:
    """Of all processes that got so far."""
    decoder = msgspec.json.Decoder(Health)
    return [decoder.decode(path.read_bytes()) for path in sorted(folder.glob(GENERATOR.format("*")))]
