"""Reading files that people hand over: one clear sentence for whatever is wrong with them."""

from pathlib import Path

from domain.errors import InvalidInput

MOST_BYTES = 20_000_000


def lines_of(path: Path) -> list[str]:
    """The lines of a UTF-8 text file, with or without a byte order mark."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput("{file} is larger than 20 MB.", file=path.name, field="file")
        return path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise InvalidInput(
            "{file} cannot be read: {why}.", file=str(path), why=error.strerror or "", field="file"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("{file} is not UTF-8 text.", file=path.name, field="file") from error
