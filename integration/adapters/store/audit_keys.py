"""The audit's key: `<home>/audit.key` (64 hexadecimal digits, readable by its owner only) or SANTRAL_AUDIT_KEY.

Whoever holds the key can rewrite the audit, so it is best kept away from those who may write the database: the
environment of the service is better than the home. Whoever loses it can no longer prove anything; keep a copy.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from integration.errors import ConfigurationError, StoreUnavailable

SHORTEST = 32


def key_of(text: str, place: str) -> bytes:
    """The bytes of a key in hexadecimal digits; ConfigurationError names `place` when it is none."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < SHORTEST:
        raise ConfigurationError(
            "The audit key in {place} must be 64 hexadecimal digits or more.",
            place=place, hint="`openssl rand -hex 32` makes one.",
        )  # fmt: skip
    return key


def read_key(path: Path) -> bytes:
    """The key of a file; ConfigurationError when it is not there or none."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "The audit key {place} cannot be read.", place=str(path),
            hint="Put back your copy of the key, or name it in SANTRAL_AUDIT_KEY.",
        ) from error  # fmt: skip
    return key_of(text, str(path))


def make_key(path: Path) -> None:
    """Make a key unless there is one; whole or not at all, also when two processes do so at once."""
    if path.exists():
        return
    try:
        with NamedTemporaryFile("w", dir=path.parent, prefix=".audit.key.", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(SHORTEST)}\n")
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(file.name, path)
    except OSError as error:
        raise StoreUnavailable(
            "The audit key {place} cannot be made: {why}.", place=str(path), why=error.strerror or "no access"
        ) from error
