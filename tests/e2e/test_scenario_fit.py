"""`santral scenario sample` and `fit`: from a log to a scenario that can be used, and what is said of a poor log."""

from pathlib import Path

from tests.e2e.santral import run

HEADER = "started,channel,outcome,wait_s\n"


def test_a_simulated_log_becomes_a_scenario_that_can_be_used(tmp_path: Path) -> None:
    log, mine = tmp_path / "log.csv", tmp_path / "our-summer.toml"
    drawn = run("scenario", "sample", "--days", "15", "--seed", "4", "--out", str(log), "--json", home=tmp_path).body
    assert drawn["rows"] == len(log.read_text(encoding="utf-8").splitlines()) - 1 > 5000
    ended = run("scenario", "fit", str(log), "--rooms", "4000", "--out", str(mine), "--json", home=tmp_path)
    body = ended.body
    assert ended.code == 0
    assert (body["read"], body["used"], body["bad"]) == (drawn["rows"], drawn["rows"], 0)
    rows = {row["path"]: row for row in body["rows"]}
    talk = rows["work.phone.sales.mean_s"]
    assert talk["base"] == 390
    assert talk["low"] < talk["fitted"] < talk["high"]
    assert rows["demand.weekday.calls"]["status"] == "too_few"
    checked = run("scenario", "show", str(mine), "--below", "work.phone.sales", "--json", home=tmp_path).body
    assert checked["name"] == "our-summer"
    shown = {one["path"]: one for one in checked["assumptions"]}["work.phone.sales.mean_s"]
    assert (shown["value"], shown["source"], shown["file"]) == (talk["fitted"], "derived", "our-summer.toml")
    assert shown["note"].startswith(f"n = {talk['n']} answered contacts, 95 % ")
    again = run("scenario", "fit", str(log), "--out", str(mine), home=tmp_path)
    assert again.code == 3
    assert "is there already" in again.err
    over = run("scenario", "fit", str(log), "--base", str(mine), "--out", str(tmp_path / "next.toml"), home=tmp_path)
    assert over.code == 0
    assert "say it with --rooms" in over.out
    assert run("scenario", "validate", str(tmp_path / "next.toml"), home=tmp_path).code == 0


def test_a_log_goes_out_and_in_as_a_spreadsheet_too(tmp_path: Path) -> None:
    log = tmp_path / "log.xlsx"
    drawn = run("scenario", "sample", "smoke", "--days", "1", "--out", str(log), "--json", home=tmp_path).body
    body = run("scenario", "fit", str(log), "--base", "smoke", "--json", home=tmp_path).body
    assert body["used"] == drawn["rows"] > 50
    assert run("scenario", "sample", "smoke", "--days", "3", "--out", str(log), "--force", home=tmp_path).code == 2


def test_a_scenario_is_not_written_over_its_base(tmp_path: Path) -> None:
    log, mine = tmp_path / "log.csv", tmp_path / "mine.toml"
    log.write_text(HEADER + "2026-08-03 10:00,phone,answered,4\n", encoding="utf-8")
    mine.write_text('schema = 1\nextends = "smoke"\nname = "mine"\n', encoding="utf-8")
    ended = run("scenario", "fit", str(log), "--base", str(mine), "--out", str(mine), "--force", home=tmp_path)
    assert ended.code == 2
    assert "cannot be written over the one it builds on" in ended.err


def test_an_empty_file_a_lonely_header_and_nothing_but_garbage_are_told_in_one_sentence(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    for text, says in (
        ("", "The file is empty"),
        (HEADER, "has no row of a contact that came in"),
        (HEADER + "never,phone,answered,1\n", "No row of log.csv can be used; line 2: never under started is not"),
    ):
        log.write_text(text, encoding="utf-8")
        ended = run("scenario", "fit", str(log), home=tmp_path)
        assert (ended.code, ended.out) == (2, "")
        assert says in ended.err


def test_one_row_is_read_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    log, mine = tmp_path / "log.csv", tmp_path / "mine.toml"
    log.write_text(HEADER + "2026-08-03 10:00,phone,answered,4\n", encoding="utf-8")
    ended = run("scenario", "fit", str(log), "--out", str(mine), "--lang", "en", home=tmp_path)
    assert ended.code == 7
    assert "Nothing could be fitted." in ended.out
    assert "demand.channel_mix: too few contacts (1, 100 are needed), so the base's value stays." in ended.out
    assert not mine.exists()


def test_bad_rows_end_with_code_seven_and_are_shown_with_their_lines_in_turkish_too(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = "".join(f"2026-08-{day:02} 10:{minute:02},phone,answered,4\n" for day in range(1, 20) for minute in range(9))
    log.write_text(HEADER + rows + "2026-08-03 10:00,pigeon,answered,4\n", encoding="utf-8")
    ended = run("scenario", "fit", str(log), "--json", home=tmp_path)
    assert ended.code == 7
    assert [(one["line"], one["reason"][:28]) for one in ended.body["bad_rows"]] == [
        (173, "pigeon under channel is none")
    ]
    said = run("scenario", "fit", str(log), "--lang", "tr", home=tmp_path).out
    assert "Kullanılamayan satırlar" in said
    assert "pigeon" in said
