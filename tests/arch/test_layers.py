"""Every package and library has its place; the contracts in pyproject.toml can say no."""

import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.arch.tree import CONFIG, CONTRACTS, LINTED, ROOT, SHIPPED, imported_modules, name_of, source_files

NOT_SHIPPED = {"tests", "benchmarks", "docs"}
LAYER_FILES = ("integration/bootstrap.py", "integration/settings.py", "integration/ports.py", "integration/errors.py")
COMES_WITH = {"pydantic-core": "pydantic", "yarl": "aiohttp", "gevent": "locust", "geventhttpclient": "locust"}
OFFENCES = {
    "domain/a.py": "import scenarios",
    "domain/b.py": "import time",
    "pms_mock/a.py": "import domain",
    "loadtests/a.py": "import integration",
    "sim/a.py": "def late():\n    import asyncio",
    "integration/usecases/a.py": "import sqlalchemy",
    "cli/a.py": "import locust",
    "integration/drawer.py": "",
}


def test_a_new_top_level_package_without_a_layer_is_refused() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")}
    assert folders - NOT_SHIPPED == set(LINTED)


def test_every_shipped_package_stands_in_exactly_one_layer() -> None:
    top = next(contract for contract in CONTRACTS if contract["type"] == "layers" and "containers" not in contract)
    placed = [name.strip() for layer in top["layers"] for name in layer.split("|")]
    assert sorted(placed) == sorted(LINTED) == sorted(SHIPPED)


def test_domain_imports_the_standard_library_and_itself_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"domain"}
    offenders = {name_of(path): sorted(imported_modules(path) - allowed) for path in source_files("domain")}
    assert {name: found for name, found in offenders.items() if found} == {}


def test_every_library_that_ships_code_imports_is_a_declared_dependency() -> None:
    project = CONFIG["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + extras["load"] + extras["postgres"] + extras["dask"] + extras["parquet"]
    declared = {Requirement(line).name.lower().replace("_", "-") for line in wanted}
    providers = packages_distributions()
    undeclared: dict[str, str] = {}
    for path in source_files(*SHIPPED):
        for module in imported_modules(path) - set(sys.stdlib_module_names) - set(SHIPPED):
            names = {name.lower().replace("_", "-") for name in providers.get(module, [module])}
            if not {COMES_WITH.get(name, name) for name in names} & declared:
                undeclared[name_of(path)] = module
    assert undeclared == {}


def a_tree_that_breaks_every_contract(root: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", root)
    for folder in [*LINTED, "integration/http", "integration/workers", "integration/adapters", "integration/usecases"]:
        (root / folder).mkdir()
        (root / folder / "__init__.py").touch()
    for name in LAYER_FILES:
        (root / name).touch()
    for name, text in OFFENCES.items():
        (root / name).write_text(text + "\n", encoding="utf-8")


def test_each_import_contract_refuses_what_it_forbids(tmp_path: Path) -> None:
    a_tree_that_breaks_every_contract(tmp_path)
    linter = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    kept = [
        contract["name"]
        for contract in CONTRACTS
        if f"{contract['name']} BROKEN" not in " ".join(answer.stdout.split())
    ]
    assert kept == []


@pytest.mark.parametrize("package", SHIPPED)
def test_every_shipped_package_explains_itself(package: str) -> None:
    text = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) >= 4
