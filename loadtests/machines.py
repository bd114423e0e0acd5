"""How busy the processes under test were, second by second: the other side of the generator's own health.

`service.json` in the run's folder, written by whoever started the processes: a part that stands at the whole of a core
is what breaks first. None is there when the target belongs to somebody else.
"""

from pathlib import Path

import msgspec

MACHINES = "service.json"


class Machines(msgspec.Struct, frozen=True, kw_only=True):
    """`began_ns`: the real instant of the first second; by name of the process (`service`, `pms`, `database`) its share
    of one core, its children included, in each second (0 while it was away)."""

    began_ns: int
    cpu: dict[str, tuple[float, ...]]


def write_machines(folder: Path, machines: Machines) -> None:
    """Into the run's folder."""
    (folder / MACHINES).write_bytes(msgspec.json.encode(machines))


def read_machines(folder: Path) -> Machines | None:
    """Back again; None when nothing was measured."""
    path = folder / MACHINES
    return msgspec.json.decode(path.read_bytes(), type=Machines) if path.is_file() else None
