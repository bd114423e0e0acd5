"""Keeps the sentences' catalogues true to the sources: `python -m integration.adapters.catalogue [--check]`.

Reads our packages as syntax trees and collects every literal template: the second argument of `say`, second and third
of `say_n`, what `N_` and `N_n` mark, and the first argument and `hint=` of every error class below DomainError and
ServiceError. Writes `locale/santral.pot`, merges it into each `santral.po` (Turkish has every sentence, German and
Russian those a guest hears, English repeats the key) and compiles the `.mo` files that are shipped. What has no
translation is listed; with `--check` nothing is written and the exit code is 1 if anything differs or is missing.
"""

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from integration.adapters.phrases import DOMAIN, LOCALE_DIR

ROOT = LOCALE_DIR.parent.parent
PACKAGES = ("cli", "domain", "integration", "scenarios")
GUEST_FACING = frozenset(
    f"integration/usecases/{name}.py" for name in ("wording", "alert_lines", "labels", "correction_text", "templates")
)
LANGUAGES = ("tr", "en", "de", "ru")
FULL = frozenset({"tr", "en"})
_CALLS = {"say": (1,), "say_n": (1, 2), "N_": (0,), "N_n": (0, 1)}
_ERROR_ROOTS = frozenset({"DomainError", "ServiceError"})
_STAMP = datetime(2026, 11, 1, tzinfo=UTC)

MessageId = str | tuple[str, ...] | list[str]


def _sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _error_classes(trees: list[ast.Module]) -> frozenset[str]:
    """Names of all classes below the two roots, wherever they are written."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known = set(_ERROR_ROOTS)
    while True:
        more = {one.name for one in classes if any(_name(base) in known for base in one.bases)} - known
        if not more:
            return frozenset(known)
        known |= more


def _literals(nodes: list[ast.expr]) -> list[str]:
    return [
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    ]


def _messages(call: ast.Call, errors: frozenset[str]) -> Iterator[str | tuple[str, str]]:
    """Templates in one call."""
    called = _name(call.func)
    if called in errors:
        yield from _literals(call.args[:1])
        yield from _literals([keyword.value for keyword in call.keywords if keyword.arg == "hint"])
    places = _CALLS.get(called, ())
    texts = _literals([call.args[place] for place in places if place < len(call.args)])
    if places and len(texts) == len(places):
        yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def extract(root: Path = ROOT) -> Catalog:
    """All templates of the sources, with the files they stand in."""
    sources = list(_sources(root))
    errors = _error_classes([tree for _, tree in sources])
    catalogue = _empty(None)
    for place, tree in sources:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for message in _messages(node, errors):
                    catalogue.add(message, locations=[(place, 1)])
    for entry in catalogue:
        entry.flags -= {"python-format", "python-brace-format"}
    return catalogue


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        domain=DOMAIN,
        project=DOMAIN,
        version="1",
        creation_date=_STAMP,
        revision_date=_STAMP,
        header_comment=f"# Sentences of {DOMAIN}. Made by `python -m integration.adapters.catalogue`.",
        last_translator=DOMAIN,
        language_team=DOMAIN,
        msgid_bugs_address="-",
        fuzzy=False,
    )


def _ids(catalogue: Catalog) -> list[Message]:
    return [entry for entry in catalogue if entry.id]


def is_guest_facing(entry: Message) -> bool:
    """Whether a guest reads or hears it."""
    return any(place in GUEST_FACING for place, _ in entry.locations)


def merged(language: str, template: Catalog, old: Catalog) -> Catalog:
    """The language's catalogue with exactly the template's sentences and the translations there were."""
    catalogue = _empty(language)
    for entry in _ids(template):
        if language in FULL or is_guest_facing(entry):
            known = old.get(entry.id[0] if isinstance(entry.id, tuple) else entry.id)
            text = entry.id if language == "en" else (known.string if known is not None else "")
            catalogue.add(entry.id, text or "", locations=entry.locations)
    for entry in catalogue:
        entry.flags -= {"python-format", "python-brace-format", "fuzzy"}
    return catalogue


def missing(catalogue: Catalog) -> list[MessageId]:
    """Sentences without a translation."""
    return [entry.id for entry in _ids(catalogue) if not _is_translated(entry)]


def _is_translated(entry: Message) -> bool:
    forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
    return bool(forms) and all(forms)


def _po(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def _mo(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def read(language: str, folder: Path = LOCALE_DIR) -> Catalog:
    """The language's catalogue as it is on disk; empty when there is none."""
    place = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not place.is_file():
        return _empty(language)
    with place.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def files(root: Path = ROOT, folder: Path = LOCALE_DIR) -> tuple[dict[Path, bytes], dict[str, list[MessageId]]]:
    """What the files should hold now, and by language what lacks a translation."""
    template = extract(root)
    wanted = {folder / f"{DOMAIN}.pot": _po(template)}
    lacking = {}
    for language in LANGUAGES:
        catalogue = merged(language, template, read(language, folder))
        home = folder / language / "LC_MESSAGES"
        wanted[home / f"{DOMAIN}.po"], wanted[home / f"{DOMAIN}.mo"] = _po(catalogue), _mo(catalogue)
        lacking[language] = missing(catalogue)
    return wanted, lacking


def main(arguments: list[str]) -> int:
    """Write the catalogues, or with `--check` compare them; 1 when something differs or lacks a translation."""
    wanted, lacking = files()
    stale = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    for path in stale:
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
        sys.stdout.write(f"{'differs' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}\n")
    for language, ids in lacking.items():
        for message in ids:
            sys.stdout.write(f"no {language}: {message}\n")
    return 1 if any(lacking.values()) or ("--check" in arguments and stale) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
