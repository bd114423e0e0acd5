"""Bring an existing store to the newest schema: `upgrade(url)` runs the Alembic migrations, no ini file needed.

Only this module and `migrations/` know Alembic, and only `santral store upgrade` and the compile step import them: a
fresh SQLite file gets its schema from compiled DDL, stamped with the same revision.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(url: str, output: TextIO | None = None) -> Config:
    config = Config(output_buffer=output) if output is not None else Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def sqlite_url(path: Path) -> str:
    """The database URL of a SQLite file."""
    return f"sqlite:///{path}"


def upgrade(
    url: str,
    revision: str = "head",
    seal: Callable[[Any], None] | None = None,
    creator: Callable[[], Any] | None = None,
) -> None:
    """Run the migrations a store lacks. `url` as SQLAlchemy takes it; raises its errors.

    `seal`: seals audit rows from before the chain (`sealing.py`); called with the driver's connection. `creator`: gives
    that connection, when it is not to be made from the address.
    """
    config = _config(url)
    config.attributes["seal"] = seal
    config.attributes["creator"] = creator
    command.upgrade(config, revision)


def upgrade_script(url: str, output: TextIO) -> None:
    """Write the SQL of all migrations instead of running them; for a database administrator's eyes."""
    command.upgrade(_config(url, output), "head", sql=True)


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory.from_config(_config(""))
    return [script.revision for script in scripts.walk_revisions()][::-1]
