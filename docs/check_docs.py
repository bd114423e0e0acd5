"""Keep the documentation true: `python -m docs.check_docs` (part of `make check`).

A page rots in three ways that a machine can see. A link points at a file or heading that has moved. A file names a
path or a download host that exists on one machine only. A page that a program writes was not written again. Each
finding is one line `file:line: what is wrong`; the command ends with 1 when there is one. `--write` writes the
generated pages anew.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module, util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {".git", ".venv", ".santral", "__pycache__", "build", "dist", ".mypy_cache", ".ruff_cache"}
# Generated page -> the module whose `render()` gives its text, and the one it describes.
GENERATED = {"docs/cli.md": ("cli.reference", "cli.main")}

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
MACHINE_PATH = re.compile(r"(?<![\w.:/*-])/(?:work|farm|root|tmp/(?:bash_jobs|santral))/[\w./-]*")
DOWNLOAD_HOST = re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian)\." + r"(?:org|com|net)\b")


def tracked_files() -> list[Path]:
    """List the files of the tree: what git would keep, or all but the skipped folders when git cannot say."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True, encoding="utf-8")
    except (OSError, subprocess.CalledProcessError):
        every = (path for path in ROOT.rglob("*") if not SKIPPED_FOLDERS & set(path.relative_to(ROOT).parts))
        return sorted(path for path in every if path.is_file())
    return sorted(path for name in answer.stdout.split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """Give a file's text, or None for a file that is not UTF-8 text (a picture, a compiled catalogue)."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def anchors(text: str) -> set[str]:
    """Give the anchors of a page's headings, spelt as GitHub does: lower case, no punctuation, spaces become dashes."""
    titles = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def finding(path: Path, text: str, at: int, sentence: str) -> str:
    """Format one finding as `file:line: sentence`."""
    return f"{path.relative_to(ROOT).as_posix()}:{text.count(chr(10), 0, at) + 1}: {sentence}"


def broken_links(path: Path, text: str) -> Iterator[str]:
    """Yield the links of a page that lead nowhere inside the tree; addresses on the web are not followed."""
    blanked = FENCE.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
    for match in LINK.finditer(blanked):
        target = match[1] or match[2]
        if re.match(r"[a-z][a-z+.-]*:", target):
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        if not page.exists():
            yield finding(path, text, match.start(), f"link to {target}, which does not exist")
        elif anchor and page.suffix == ".md" and anchor not in anchors(page.read_text(encoding="utf-8")):
            yield finding(path, text, match.start(), f"link to {target}: no such heading")


def one_machine_only(path: Path, text: str) -> Iterator[str]:
    """Yield the places where a file names a path of one machine or a host that packages are downloaded from."""
    for match in MACHINE_PATH.finditer(text):
        yield finding(path, text, match.start(), f"a path of one machine: {match[0]}")
    for match in DOWNLOAD_HOST.finditer(text):
        yield finding(path, text, match.start(), f"a download host: {match[0]}")


def generated_pages() -> Iterator[tuple[Path, str]]:
    """Yield each generated page with the text it should have now."""
    for page, (module, described) in GENERATED.items():
        if util.find_spec(described) is not None:
            render: Callable[[], str] = import_module(module).render
            yield ROOT / page, render()


def stale_pages() -> Iterator[str]:
    """Yield the generated pages whose text is not what their program writes today."""
    for page, wanted in generated_pages():
        if not page.exists() or page.read_text(encoding="utf-8") != wanted:
            yield finding(page, "", 0, "not up to date; run: make docs")


def findings() -> Iterator[str]:
    """Yield everything that is wrong, a line each."""
    for path in tracked_files():
        if (text := text_of(path)) is None:
            continue
        yield from one_machine_only(path, text)
        if path.suffix == ".md":
            yield from broken_links(path, text)
    yield from stale_pages()


def main(arguments: list[str]) -> int:
    """Check, or write the generated pages with `--write`; answer 0 when all is well, 1 when there is a finding."""
    if arguments == ["--write"]:
        for page, text in generated_pages():
            page.write_text(text, encoding="utf-8")
        return 0
    found = list(findings())
    for line in found:
        print(line)
    print(f"docs: {len(found)} findings" if found else "docs: links, paths and generated pages are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
