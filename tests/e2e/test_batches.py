"""Files in and out from the shell: exit codes, result files, an export that an empty home takes in again."""

import csv
import json
from pathlib import Path

import pytest

from tests.e2e.santral import Ended, a_home, in_store, run

HEADER = "Durum;Giriş Tarihi;Gece;Yetişkin;Oda Tipi;Fiyat Planı;Garanti;Ad Soyad;Telefon;Özel İstekler\n"
ROWS = (
    "kesin;03.09.2027;3;2;FAM;UAI-FLEX;kart;Ayşe Yılmaz;0532 111 22 33;\n"
    "opsiyon;04.09.2027;3;2;FAM;UAI-FLEX;;Иван Петров;+7 916 123 45 67;\n"
    "bekletme;05.09.2027;3;1;STD;UAI-FLEX;;Max Müller;+49 151 23456789;\n"
)


def a_file(folder: Path, text: str = HEADER + ROWS, encoding: str = "utf-8", name: str = "rows.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def bring_in(home: Path, file: Path, *words: str) -> Ended:
    return run("reservation", "import", str(file), "--json", *words, home=home)


def test_an_import_tells_each_row_in_json_and_in_its_result_file(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    file = a_file(tmp_path, HEADER + ROWS + "kesin;31.02.2027;3;2;FAM;UAI-FLEX;kart;Ali Kaya;05321112244;\n")
    ended = bring_in(home, file)
    assert ended.code == 7
    body = ended.body
    assert (body["ok"], body["failed"], body["skipped"]) == (3, 1, 0)
    assert [(row["line"], row["code"]) for row in body["rows"]] == [(5, "invalid_input")]
    assert "31.02.2027 under check_in" in body["rows"][0]["reason"]
    with Path(body["result"]).open(encoding="utf-8-sig", newline="") as result:
        told = list(csv.DictReader(result))
    assert [one["status"] for one in told] == ["ok", "ok", "ok", "failed"]
    shown = run("reservation", "show", told[0]["made"], "--json", home=home).body
    assert (shown["status"], shown["guest"]["name"], shown["guarantee"]) == ("confirmed", "Ayşe Yılmaz", "card")
    listed = run("batch", "list", "--json", home=home).body["batches"]
    assert [(one["ok"], one["failed"], one["file"]) for one in listed] == [(3, 1, "rows.csv")]
    batch = run("batch", "show", listed[0]["batch_id"], "--failed", "--json", home=home).body
    assert [row["line"] for row in batch["rows"]] == [5]
    assert run("batch", "show", "bat_none", home=home).code == 4


def test_a_dry_run_writes_nothing_anywhere(tmp_path: Path) -> None:
    home, file = a_home(tmp_path), a_file(tmp_path)
    before = in_store(home)
    ended = bring_in(home, file, "--dry-run")
    assert (ended.code, ended.body["ok"], ended.body["batch_id"], ended.body["result"]) == (0, 3, None, None)
    assert in_store(home) == before
    assert not (tmp_path / "rows.csv.result.csv").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_is_taken_in_by_an_empty_home_and_skipped_by_its_own(tmp_path: Path, ending: str) -> None:
    home, out = a_home(tmp_path), tmp_path / f"out.{ending}"
    bring_in(home, a_file(tmp_path))
    ended = run("reservation", "export", "--out", str(out), "--json", home=home)
    assert (ended.code, ended.body["rows"], ended.body["reimportable"]) == (0, 3, True)
    assert run("reservation", "export", "--out", str(out), home=home).code == 3
    assert bring_in(home, out).body["skipped"] == 3
    (tmp_path / "other").mkdir()
    other = a_home(tmp_path / "other")
    body = bring_in(other, out).body
    assert (body["ok"], body["rows"]) == (3, [])
    again = tmp_path / "again.json"
    run("reservation", "export", "--out", str(again), home=other)
    run("reservation", "export", "--out", str(tmp_path / "first.json"), home=home)

    def kept(file: Path) -> list[dict[str, str]]:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return sorted(({**row, "reservation_id": ""} for row in rows), key=lambda row: row["key"])

    assert kept(again) == kept(tmp_path / "first.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (HEADER.replace("Gece", "Colour") + ROWS, "Column 3 (Colour) is not known."),
        (HEADER.replace("Gece", "Telefon") + ROWS, "phone is there twice"),
        (HEADER.replace(";Durum", "").replace("Durum;", "") + ROWS, "status is missing"),
        ("\x00\x01\x02" * 50, "not known"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_two_and_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    home = a_home(tmp_path)
    before = in_store(home)
    ended = bring_in(home, a_file(tmp_path, text))
    assert (ended.code, ended.body["error"]["code"]) == (2, "invalid_input")
    assert said in ended.body["error"]["message"]
    assert in_store(home) == before
    assert list(tmp_path.glob("*.result*")) == []


def test_files_that_are_not_there_or_would_be_overwritten_are_refused(tmp_path: Path) -> None:
    home, file = a_home(tmp_path), a_file(tmp_path)
    assert bring_in(home, tmp_path / "gone.csv").code == 2
    assert bring_in(home, file, "--result", str(file)).code == 3
    assert bring_in(home, file, "--result", str(tmp_path / "out.txt")).code == 2
    assert run("reservation", "export", "--out", str(tmp_path / "out.xls"), home=home).code == 2
    assert file.read_text(encoding="utf-8") == HEADER + ROWS


def test_a_result_that_cannot_be_kept_is_told_before_any_row_is_written(tmp_path: Path) -> None:
    home, file = a_home(tmp_path), a_file(tmp_path)
    before = in_store(home)
    (tmp_path / "folder.csv").mkdir()
    for place in (f"{tmp_path}/none/r.csv", f"{tmp_path}/{'x' * 251}.csv", "/proc/r.csv", f"{tmp_path}/folder.csv"):
        ended = bring_in(home, file, "--result", place)
        assert (ended.code, ended.body["error"]["hint"]) == (2, "--result names another file."), ended.err
        assert "cannot be written" in ended.body["error"]["message"]
    assert in_store(home) == before


def test_a_pms_that_is_down_ends_with_five_and_the_same_command_goes_on(tmp_path: Path) -> None:
    home, file = a_home(tmp_path), a_file(tmp_path)
    nobody = {"SANTRAL_PMS_URL": "http://127.0.0.1:9"}
    ended = run("reservation", "import", str(file), "--json", home=home, **nobody)
    assert ended.code == 5
    assert ended.body["error"]["code"] == "pms_unavailable"
    assert bring_in(home, file).body["ok"] == 3


def test_calls_come_in_from_a_cdr(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    text = (
        "call_uuid,direction,caller_id_number,destination_number,start_stamp,end_stamp,answered\n"
        "u-1,inbound,05321112233,1003,2027-04-30 10:00:00,2027-04-30 10:03:00,true\n"
        "u-2,inbound,05321112244,1003,2027-05-01 11:00:00,2027-05-01 11:00:20,false\n"
        "u-3,internal,1001,1003,2027-04-30 12:00:00,2027-04-30 12:00:20,true\n"
    )
    file = a_file(tmp_path, text, name="cdr.csv")
    ended = run("call", "import", str(file), "--json", home=home)
    assert (ended.code, ended.body["ok"], ended.body["skipped"]) == (0, 2, 1)
    calls = run("call", "list", "--json", home=home).body["calls"]
    assert [(one["outcome"], one["actor"], one["due"]) for one in calls] == [
        ("abandoned", "1003", "2027-05-01"), ("service", "1003", None),
    ]  # fmt: skip
    assert run("call", "import", str(file), "--json", home=home).body["skipped"] == 3
