"""A file past 300 lines wants a reason, and the reason stands here beside its name."""

from tests.arch.tree import SHIPPED, name_of, source_files

LIMIT = 300
LONG_FOR_A_REASON: dict[str, str] = {
    "integration/ports/pms.py": "the whole of one port, records and calls, is read side by side",
}


def test_a_file_past_300_lines_has_a_written_reason() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in source_files(*SHIPPED)}
    assert {name for name, lines in sizes.items() if lines > LIMIT} == set(LONG_FOR_A_REASON)
