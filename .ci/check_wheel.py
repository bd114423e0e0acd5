"""Compare a built wheel with the tree it came from: every file of every shipped package is in it, and nothing else is.

A data file that stays behind is found by a user and not by a test that runs in the source tree. `python
.ci/check_wheel.py WHEEL` prints one sentence and ends with 1 when the wheel holds too little or too much.
"""

import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = {".pyc", ".pyo"}


def shipped_packages() -> list[str]:
    """Give the package names that pyproject.toml says the wheel ships."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(config["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def files_in_tree(packages: list[str]) -> set[str]:
    """Give the files of the packages, as paths from the root, without compiled leftovers."""
    found = (path for package in packages for path in (ROOT / package).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if path.suffix not in LEFT_BEHIND}


def files_in_wheel(wheel: Path) -> set[str]:
    """Give the files of the wheel, without its own metadata folder."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def main() -> int:
    """Compare, print one sentence, answer 0 or 1."""
    expected, got = files_in_tree(shipped_packages()), files_in_wheel(Path(sys.argv[1]))
    for word, names in (("lacks", expected - got), ("must not hold", got - expected)):
        if names:
            sys.stderr.write(f"wheel {word}: {', '.join(sorted(names)[:20])}\n")
    if expected != got:
        return 1
    sys.stdout.write(f"wheel holds all {len(got)} files of {', '.join(shipped_packages())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
