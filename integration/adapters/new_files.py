"""Files that people ask for: begun under another name, so that they are whole or not there.

What was named and cannot be written (no such folder, no right to it, a read-only disk, a name that is a folder) is bad
input, and is told before any work is done. A disk that fills up on the way is no fault of what was typed.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import InvalidInput
from integration.errors import StoreUnavailable
from integration.usecases.marks import N_

_AS_NAMED = frozenset(
    {
        errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG,
        errno.ELOOP, errno.EINVAL, errno.EILSEQ, errno.EEXIST,
    }
)  # fmt: skip


def is_there(target: Path) -> bool:
    """Whether something has that name already; False for a name that cannot even be looked for."""
    try:
        return target.exists()
    except OSError:
        return False


def begin(target: Path, hint: str = "") -> Path:
    """An empty file beside `target`, `<name>.part`, that only its owner may read. `hint`: what else may be typed.

    InvalidInput when `target` cannot be written as it was named, StoreUnavailable when the disk refuses.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        refuse_special(target)
        with suppress(FileNotFoundError):
            part.unlink()
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise unwritable(target, error, hint) from error
    return part


def refuse_special(target: Path) -> None:
    """OSError for a name that is a folder, a device or a pipe: putting a file in its place would take it away."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is no plain file")


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file to be written, which takes its place once it is: `target` is there, whole, or as it was. Raises what
    `begin` raises."""
    part = begin(target)
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        drop(part)


def write_whole(target: Path, content: bytes) -> None:
    """`whole_file` of this content."""
    with whole_file(target) as part, part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def unwritable(target: Path, error: OSError, hint: str = "") -> InvalidInput | StoreUnavailable:
    """What is said of a file that cannot be written."""
    why = error.strerror or "no access"
    if error.errno in _AS_NAMED:
        return InvalidInput(
            "{place} cannot be written: {why}.", place=str(target), why=why,
            hint=hint or N_("Name a file in a folder that is there and that you may write to."), field="file",
        )  # fmt: skip
    return StoreUnavailable("{place} cannot be written: {why}.", place=str(target), why=why)


def drop(part: Path) -> None:
    """Take away what was not finished, where that can be done; what went wrong before is what matters."""
    with suppress(OSError):
        part.unlink(missing_ok=True)
