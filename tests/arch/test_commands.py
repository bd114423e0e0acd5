"""Every console command has help, and asking for help loads nothing heavy."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.reference import contexts, root_command
from tests.arch.tree import ROOT

pytestmark = pytest.mark.skipif(not (ROOT / "cli/main.py").is_file(), reason="cli/main.py is not written yet")

HEAVY = {
    "aiohttp", "alembic", "asyncio", "babel", "faker", "fastapi", "gevent", "jsonschema_rs", "locust", "msgspec",
    "numpy", "phonenumbers", "prometheus_client", "pydantic", "rich", "simpy", "sqlalchemy", "sqlite3", "starlette",
    "structlog", "uvicorn",
}  # fmt: skip
ASK_FOR_HELP = """
import json, sys
sys.argv = ["santral", *sys.argv[1:]]
from cli.main import main
try:
    main()
except SystemExit as end:
    code = end.code or 0
else:
    code = 0
sys.stderr.write("\\nLOADED " + json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def test_every_command_has_help() -> None:
    assert [context.command_path for context in contexts(root_command()) if not context.command.help] == []


def test_every_option_has_help() -> None:
    silent = [
        f"{context.command_path} {option.opts[0]}"
        for context in contexts(root_command())
        for option in context.command.params
        if option.param_type_name == "option" and not (option.help or option.hidden)
    ]
    assert silent == []


def test_asking_for_help_loads_no_heavy_library(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", ASK_FOR_HELP, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    code, loaded = json.loads(answer.stderr.rpartition("LOADED ")[2])
    assert code == 0
    assert sorted(HEAVY & set(loaded)) == []
    assert list(tmp_path.iterdir()) == []
