"""An export proves itself with the key alone: whole as it was written, and every kind of tampering is found."""

import asyncio
import json
from pathlib import Path

import pytest

from domain.errors import InvalidInput, NotFound
from integration.adapters.store import open_store
from integration.adapters.store.audit_export import verify_export
from integration.adapters.store.audit_keeper import seal_beside
from integration.adapters.store.chain import Chain
from tests.contract.store.tampering import faults, lines_without, tampered, written

ROWS = 25


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "santral.sqlite"
    written(place, ROWS)
    return place


def exported(path: Path, target: Path) -> Path:
    async def scenario() -> list[str]:
        store = open_store(path, inline=True, create=False)
        until, first = await store.read(lambda tx: tx.export_audit_head())
        rows = [
            line
            for after in range(0, until, 10)
            for line in await store.read(lambda tx: tx.export_audit(after, min(after + 10, until), 10))  # noqa: B023
        ]
        await store.close()
        return [first, *rows]

    target.write_text("".join(f"{line}\n" for line in asyncio.run(scenario())), encoding="utf-8")
    return target


def test_an_export_verifies_with_the_key_and_not_with_another(path: Path, tmp_path: Path) -> None:
    file = exported(path, tmp_path / "a.jsonl")
    report = verify_export(file, seal_beside(path).chain())
    assert (faults(report), report.rows, report.head) == ([], ROWS, ROWS)
    assert verify_export(file, Chain(b"k" * 32)).first_bad == 1


def test_every_line_of_an_export_is_json_and_holds_the_stored_text(path: Path, tmp_path: Path) -> None:
    first, *rows = (json.loads(line) for line in exported(path, tmp_path / "a.jsonl").read_text().splitlines())
    assert (first["santral_audit"], first["seq"]) == (1, ROWS)
    assert [json.loads(row["body"])["seq"] for row in rows] == list(range(1, ROWS + 1))


@pytest.mark.parametrize(
    ("dropped", "expected"),
    [([2], (1, "missing")), ([13], (12, "missing")), ([26], (25, "cut")), (range(10, 27), (9, "cut"))],
)
def test_a_line_that_was_taken_out_is_found(
    path: Path, tmp_path: Path, dropped: list[int], expected: tuple[int, str]
) -> None:
    file = exported(path, tmp_path / "a.jsonl")
    lines_without(file, dropped)
    assert faults(verify_export(file, seal_beside(path).chain())) == [expected]


def edited(lines: list[str], how: str) -> list[str]:
    match how:
        case "edit":
            lines[12] = lines[12].replace("hold", "held")
        case "swap":
            lines[12], lines[13] = lines[13], lines[12]
        case "insert":
            lines.insert(12, lines[5])
        case "garbage":
            lines[12] = "not json\n"
        case "half a line":
            lines[-1] = lines[-1][:40]
        case _:
            lines.append(lines[-1])
    return lines


@pytest.mark.parametrize(
    ("how", "first_bad"),
    [("edit", 12), ("swap", 12), ("insert", 5), ("garbage", 12), ("half a line", 25), ("repeat", 25)],
)
def test_a_line_that_was_changed_is_found(path: Path, tmp_path: Path, how: str, first_bad: int) -> None:
    file = exported(path, tmp_path / "a.jsonl")
    file.write_text("".join(edited(file.read_text().splitlines(keepends=True), how)))
    assert verify_export(file, seal_beside(path).chain()).first_bad == first_bad


def test_an_export_of_a_tampered_audit_shows_the_tampering(path: Path, tmp_path: Path) -> None:
    tampered(path, "UPDATE audit SET body = CAST(x'7bff' AS TEXT) WHERE seq = 12")
    file = exported(path, tmp_path / "a.jsonl")
    assert faults(verify_export(file, seal_beside(path).chain())) == [(12, "altered")]


@pytest.mark.parametrize("text", ["", "hello\n", '{"santral_audit":2,"seq":0,"mac":"","sealed":0,"proof":""}\n', "[]"])
def test_what_is_no_export_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises(InvalidInput):
        verify_export(tmp_path / "a.jsonl", Chain(b"k" * 32))


def test_an_export_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        verify_export(tmp_path / "a.jsonl", Chain(b"k" * 32))
