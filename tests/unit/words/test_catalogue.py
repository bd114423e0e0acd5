"""The shipped catalogues are those of the sources, and say in every language what the English says."""

import string
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from integration.adapters import catalogue
from integration.adapters.catalogue import FULL, LANGUAGES, MessageId, files, is_guest_facing, main, read

HINT = "run `make i18n`, translate what it lists, and commit"


@cache
def made() -> tuple[dict[Path, bytes], dict[str, list[MessageId]]]:
    """What the sources give: files, and what lacks a translation. Read once, and not while tests are collected."""
    return files()


def entries(language: str) -> list[Message]:
    return [entry for entry in read(language) if entry.id]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_what_is_shipped_is_made_from_the_sources() -> None:
    wanted, _ = made()
    assert len(wanted) > len(LANGUAGES)
    assert [path for path in wanted if not path.is_file() or path.read_bytes() != wanted[path]] == [], HINT


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_lacks_a_translation(language: str) -> None:
    assert made()[1][language] == [], HINT


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_uses_the_names_of_its_template_and_no_others(language: str) -> None:
    for entry in entries(language):
        ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        texts = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        allowed = {name for one in ids for name in names(one)}
        assert all(names(text) == allowed for text in texts if text), entry.id


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - FULL))
def test_german_and_russian_hold_exactly_what_a_guest_hears(language: str) -> None:
    assert {entry.id for entry in entries(language)} == {entry.id for entry in entries("tr") if is_guest_facing(entry)}


def test_an_edited_source_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "new.py").write_text(
        "class TooDear(Refused): ...\nclass Refused(DomainError): ...\n"
        "raise TooDear('Too {much}.', hint='Pay ' 'less.', much=1)\n"
        "phrases.say(language, 'Said.', {})\nphrases.say(language, variable)\n"
        "phrases.say_n(language, '{n} bed', '{n} beds', 2)\nN_('Marked.')\nother('Not ours.')\nRefused(f'{x}')\n"
    )
    found = {entry.id for entry in catalogue.extract(tmp_path) if entry.id}
    assert found == {"Too {much}.", "Pay less.", "Said.", ("{n} bed", "{n} beds"), "Marked."}


def test_the_check_writes_nothing_and_says_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing_file = tmp_path / "santral.pot"
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "files", lambda: ({missing_file: b"x"}, {"tr": ["Sold out."]}))
    assert main(["--check"]) == 1
    assert not missing_file.exists()
    assert capsys.readouterr().out == "differs: santral.pot\nno tr: Sold out.\n"


def test_speaking_needs_no_babel_until_an_amount_is_written() -> None:
    import subprocess

    script = (
        "import sys; from integration.adapters.phrases import CataloguePhrases;"
        "assert CataloguePhrases().say('tr', 'Sold out.') == 'Yer yok.';"
        "sys.exit(any(name.split('.')[0] in {'babel', 'phonenumbers', 'anyascii'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=catalogue.ROOT).returncode == 0
