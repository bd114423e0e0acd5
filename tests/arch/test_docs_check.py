"""The documentation check can say no: each kind of rot is found, and sound pages are left alone."""

from pathlib import Path

import pytest

from docs import check_docs

SLASH = "/"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    monkeypatch.setattr(check_docs, "GENERATED", {})
    return tmp_path


def findings_for(tree: Path, text: str) -> list[str]:
    (tree / "page.md").write_text(text, encoding="utf-8")
    return list(check_docs.findings())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n[a](gone.md)", "page.md:2: link to gone.md, which does not exist"),
        ("# One\n[a](#two)", "page.md:2: link to #two: no such heading"),
        ("see " + SLASH + "root/x", "page.md:1: a path of one machine: " + SLASH + "root/x"),
        ("from py" + "pi.org", "page.md:1: a download host: py" + "pi.org"),
    ],
)
def test_rot_in_a_page_is_found_with_file_and_line(tree: Path, text: str, said: str) -> None:
    assert findings_for(tree, text) == [said]


def test_a_sound_page_has_no_findings(tree: Path) -> None:
    text = (
        "# Two words, here\n[a](#two-words-here) [b](page.md) [c](https://example.org/work/x)\n```\n[d](gone.md)\n```\n"
    )
    assert findings_for(tree, text) == []


def test_a_generated_page_that_was_not_written_again_is_found(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_docs, "generated_pages", lambda: iter([(tree / "page.md", "new")]))
    assert findings_for(tree, "old") == ["page.md:1: not up to date; run: make docs"]
    assert findings_for(tree, "new") == []
