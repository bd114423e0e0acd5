"""Words are promises: classes stand in the glossary, settings and exit codes in their pages."""

import importlib
import re
from dataclasses import fields, is_dataclass
from enum import IntEnum

import pytest

from tests.arch.tree import ROOT, SHIPPED, page, public_classes, source_files

VARIABLE = re.compile(r"\bSANTRAL_[A-Z0-9_]+\b")
READS_VARIABLES = ("cli", "integration")


def test_every_public_domain_class_is_in_the_glossary() -> None:
    glossary = page("docs/glossary.md")
    classes = {name for path in source_files("domain") for name in public_classes(path)}
    assert sorted(name for name in classes if not re.search(rf"\b{name}\b", glossary)) == []


def variables_in_code() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in source_files(*SHIPPED))
    return {name for text in texts for name in VARIABLE.findall(text) if not name.endswith("_")}


def test_every_environment_variable_the_code_names_is_documented() -> None:
    documented = set(VARIABLE.findall(page("docs/configuration.md")))
    assert sorted(variables_in_code() - documented) == []


@pytest.mark.skipif(
    not (ROOT / "integration/settings.py").is_file(), reason="integration/settings.py is not written yet"
)
def test_every_field_of_settings_is_documented() -> None:
    settings = importlib.import_module("integration.settings").Settings
    names = [field.name for field in fields(settings)] if is_dataclass(settings) else list(settings.model_fields)
    text = page("docs/configuration.md")
    assert [name for name in names if f"SANTRAL_{name.upper()}" not in text and f"`{name}`" not in text] == []


def test_every_exit_code_is_documented_and_every_documented_one_exists() -> None:
    if not (ROOT / "cli/exit_codes.py").is_file():
        pytest.skip("cli/exit_codes.py is not written yet")
    documented = {int(number) for number in re.findall(r"^\| (\d+) \|", page("docs/exit-codes.md"), re.MULTILINE)}
    module = vars(importlib.import_module("cli.exit_codes"))
    enums = [value for value in module.values() if isinstance(value, type) and issubclass(value, IntEnum)]
    members = {int(member) for enum in enums for member in enum}
    constants = {value for name, value in module.items() if name.isupper() and type(value) is int}
    assert members | constants == documented
