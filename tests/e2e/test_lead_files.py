"""`santral lead import|export` from the shell: result files, exit codes, and a home that takes another one's leads."""

import csv
import json
from pathlib import Path

import pytest

from tests.e2e.santral import Ended, a_home, in_store, run

HEADER = "Kanal;Ad Soyad;Telefon;E-posta;Kaynak;Giriş Tarihi;Gece;Yetişkin;Çocuk Yaşları;Not\n"
ROWS = (
    "web form;Ayşe Yılmaz;0532 111 22 33;;EMITT 2027;10.07.2027;7;2;7;Denize yakın oda olsun\n"
    "acente;Иван Петров;+7 916 123 45 67;;;;;;;=1+1\n"
    ";Max Müller;;max@example.com;;01.08.2027;;2;;\n"
)


def a_file(folder: Path, text: str = HEADER + ROWS, encoding: str = "utf-8") -> Path:
    file = folder / "leads.csv"
    file.write_bytes(text.encode(encoding))
    return file


def bring_in(home: Path, file: Path, *words: str) -> Ended:
    return run("lead", "import", str(file), "--json", *words, home=home)


def test_a_lead_file_is_brought_in_once_with_a_line_for_each_row(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    file = a_file(tmp_path, HEADER + ROWS + ";;0532 111 22 44;;;;;;;\n")
    ended = bring_in(home, file)
    body = ended.body
    assert (ended.code, body["ok"], body["failed"], body["rows"][0]["line"]) == (7, 3, 1, 5)
    with Path(body["result"]).open(encoding="utf-8-sig", newline="") as result:
        told = list(csv.DictReader(result))
    assert [one["status"] for one in told] == ["ok", "ok", "ok", "failed"]
    lead = run("lead", "show", told[0]["made"], "--json", home=home).body
    assert (lead["channel"], lead["lead"], lead["contacts"][0]["wants"]["source"]) == ("web_form", "open", "EMITT 2027")
    shown = run("lead", "show", told[0]["made"], "--lang", "tr", home=home).out
    assert "İstenen" in shown
    assert "EMITT 2027" in shown
    again = bring_in(home, file).body
    assert (again["ok"], again["skipped"], again["failed"]) == (0, 3, 1)
    assert len(run("lead", "list", "--json", home=home).body["cases"]) == 3
    (batch, _) = run("batch", "list", "--json", home=home).body["batches"]
    assert batch["kind"] == "leads"


def test_a_dry_run_writes_nothing_anywhere(tmp_path: Path) -> None:
    home, file = a_home(tmp_path), a_file(tmp_path)
    before = in_store(home)
    ended = bring_in(home, file, "--dry-run")
    assert (ended.code, ended.body["ok"], ended.body["result"]) == (0, 3, None)
    assert in_store(home) == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_is_taken_in_by_an_empty_home_and_skipped_by_its_own(tmp_path: Path, ending: str) -> None:
    home, out = a_home(tmp_path), tmp_path / f"out.{ending}"
    bring_in(home, a_file(tmp_path))
    ended = run("lead", "export", "--out", str(out), "--json", home=home)
    assert (ended.code, ended.body["rows"], ended.body["reimportable"]) == (0, 3, True)
    assert run("lead", "export", "--out", str(out), home=home).code == 3
    assert bring_in(home, out).body["skipped"] == 3
    (tmp_path / "other").mkdir()
    other = a_home(tmp_path / "other")
    body = bring_in(other, out).body
    assert (body["ok"], body["rows"]) == (3, [])

    def kept(place: Path) -> list[dict[str, str]]:
        rows = run("lead", "export", "--json", home=place).body["leads"]
        return sorted(({**row, "lead_id": "", "opened_at": ""} for row in rows), key=lambda row: row["name"])

    assert kept(other) == kept(home)


def test_no_text_of_an_export_runs_in_a_spreadsheet(tmp_path: Path) -> None:
    home, out = a_home(tmp_path), tmp_path / "out.csv"
    bring_in(home, a_file(tmp_path))
    assert run("lead", "export", "--out", str(out), home=home).code == 0
    shown = run("lead", "export", "--format", "csv", home=home).out
    for text in (out.read_text(encoding="utf-8-sig"), shown):
        (row,) = [row for row in csv.DictReader(text.splitlines()) if row["name"] == "Иван Петров"]
        assert (row["note"], row["phone"]) == ("'=1+1", "'+79161234567")
    assert "No lead to show." in run("lead", "export", "--status", "won", home=home).out


def test_what_cannot_be_used_ends_with_two_and_one_sentence(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert bring_in(home, tmp_path / "gone.csv").code == 2
    assert bring_in(home, a_file(tmp_path, "name,colour\nAnna,red\n")).code == 2
    assert bring_in(home, a_file(tmp_path, "name\nAnna\n")).code == 2
    assert run("lead", "export", "--out", str(tmp_path / "out.xls"), home=home).code == 2
    assert json.loads(run("lead", "export", "--json", home=home).out)["leads"] == []
