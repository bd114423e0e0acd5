"""The system's own programs for copying a database: `pg_dump` and `pg_restore`.

They are found in PATH; without them there is one clear sentence. The password goes to them in a file that only we can
read, never on a command line, where every user of the machine could see it.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from psycopg.conninfo import make_conninfo

from integration.adapters.store.postgres_place import Place
from integration.errors import ConfigurationError, StoreUnavailable

_LONGEST = 300


class ToolFailed(Exception):
    """A program ended badly; the text is the last thing it said."""


def program(name: str) -> str:
    """Where a program is; ConfigurationError when it is not there."""
    found = shutil.which(name)
    if found is None:
        raise ConfigurationError(
            "{program} was not found in PATH.", program=name,
            hint="Install the client programs of PostgreSQL (postgresql-client), as new as the server.",
        )  # fmt: skip
    return found


@contextmanager
def address(place: Place) -> Iterator[str]:
    """The place as a program is given it: without the password, which is in a file of ours meanwhile."""
    given = {name: value for name, value in place.parameters.items() if name != "password"}
    password = place.parameters.get("password")
    if not password:
        yield make_conninfo("", **given)
        return
    escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
    with NamedTemporaryFile("w", prefix="santral-", encoding="utf-8") as file:
        file.write(f"*:*:*:*:{escaped}\n")
        file.flush()
        yield make_conninfo("", **given, passfile=file.name)


def dump(place: Place, target: Path, snapshot: str = "") -> None:
    """Write the database to a file, as of an exported snapshot if one is named. StoreUnavailable when it fails."""
    words = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    words += [f"--snapshot={snapshot}"] if snapshot else []
    with address(place) as where:
        try:
            _run([*words, f"--dbname={where}"])
        except ToolFailed as error:
            raise StoreUnavailable(
                "{program} could not copy the store {place}: {why}", program="pg_dump", place=str(place), why=str(error)
            ) from error


def read_through(dumped: Path) -> None:
    """Unpack a dump to nowhere. ToolFailed when it is not whole."""
    _run([program("pg_restore"), "--file=/dev/null", str(dumped)])


def script(dumped: Path, section: str, schema: str) -> str:
    """The SQL of a section (`pre-data`, `post-data`), without what is meant for psql alone. ToolFailed."""
    text = _run([*_unpacking(section, schema), str(dumped)])
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))


@contextmanager
def data(dumped: Path, schema: str) -> Iterator[Iterator[bytes]]:
    """The lines of the data section. ToolFailed at the end when the dump was not whole."""
    command = [*_unpacking("data", schema), str(dumped)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - found in PATH, no shell
        if process.stdout is None or process.stderr is None:
            raise ToolFailed(command[0])
        yield iter(process.stdout)
        said = process.stderr.read()
    _judge(process.returncode, said)


def _unpacking(section: str, schema: str) -> list[str]:
    return [
        program("pg_restore"), f"--section={section}", "--no-owner", "--no-privileges", f"--schema={schema}", "--file=-"
    ]  # fmt: skip


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - found in PATH, no shell
    _judge(done.returncode, done.stderr)
    return done.stdout.decode("utf-8", "replace")


def _judge(code: int, said: bytes) -> None:
    if code:
        lines = said.decode("utf-8", "replace").strip().splitlines() or [str(code)]
        raise ToolFailed(lines[0][:_LONGEST])
