"""What a command loads is what its start costs: the set of modules is held, not the time."""

import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.santral import NOW, a_home, run

RUN = """
import json, sys
from cli.main import main
code = main(sys.argv[1:])
sys.stderr.write("\\nLOADED " + json.dumps([code, sorted(sys.modules)]))
"""
NEVER_FOR_HELP = {
    "aiohttp", "alembic", "asyncio", "babel", "click", "faker", "fastapi", "jsonschema_rs", "locust", "msgspec",
    "numpy", "phonenumbers", "prometheus_client", "psycopg", "pydantic", "rich", "simpy", "sqlalchemy", "sqlite3",
    "starlette", "structlog", "tabulate", "uvicorn", "domain", "integration", "scenarios", "sim", "loadtests",
}  # fmt: skip
NEVER_FOR_SHOW = {
    "aiohttp", "alembic", "click", "faker", "fastapi", "jsonschema_rs", "locust", "numpy", "phonenumbers",
    "prometheus_client", "psycopg", "pydantic", "rich", "scenarios", "simpy", "sqlalchemy", "starlette", "uvicorn",
}  # fmt: skip


def loaded(*words: str, cwd: Path, **environ: str) -> set[str]:
    """Names of all modules in memory when the command has ended."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
        env=environ | {"LANG": "C.UTF-8"},
    )
    code, names = json.loads(done.stderr.rpartition("LOADED ")[2])
    assert code == 0, done.stderr
    return set(names)


def packages(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def test_help_loads_no_library_and_no_package_of_ours_but_the_command_line(tmp_path: Path) -> None:
    names = loaded("--help", cwd=tmp_path)
    assert sorted(packages(names) & NEVER_FOR_HELP) == []
    assert [name for name in names if name.startswith("cli.commands.")] == []


def test_showing_a_reservation_loads_neither_web_framework_nor_sql_toolkit(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    words = (
        "--check-in",
        "2027-07-10",
        "--nights",
        "3",
        "--adults",
        "2",
        "--room-type",
        "STD",
        "--rate-plan",
        "UAI-FLEX",
    )
    held = run(
        "reservation", "hold", *words, "--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz", "--json", home=home
    ).body["reservation_id"]  # fmt: skip
    names = loaded("reservation", "show", held, cwd=tmp_path, SANTRAL_HOME=str(home), SANTRAL_AS_OF=NOW, USER="ayse")
    assert sorted(packages(names) & NEVER_FOR_SHOW) == []
    assert "cli.commands.reservation_sale" not in names
    assert "pms_mock.app" not in names
