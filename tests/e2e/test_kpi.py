"""`santral kpi` as it is typed: a small life reckoned by hand, its files, and what cannot be meant."""

import csv
import io
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from domain.kpi_lines import COUNTED
from domain.kpi_row import Dimension
from tests.e2e.santral import Body, Ended, a_home, run

DAYS = ("--from", "2027-05-01", "--to", "2027-05-02")
EVENING, NEXT_DAY = "2027-05-02T20:00:00Z", "2027-05-03T09:00:00Z"
OF_OPEN_CASES = (("cases", "csv"), ("kpi", "csv"), ("kpi", "xlsx"))
ROW_KEYS = {
    "kpi", "value", "unit", "low", "high", "p50", "p75", "p90", "p95", "n", "open_n", "target", "status", "by",
}  # fmt: skip
JULY = ("--check-in", "2027-07-10", "--nights", "3", "--adults", "2")
MAY = ("--check-in", "2027-05-12", "--nights", "2", "--adults", "2")


def at(home: Path, instant: str, actor: str, *words: str) -> Body:
    """One thing that happens, at an instant."""
    ended = run("--actor", actor, "--json", *words, home=home, SANTRAL_AS_OF=instant)
    assert ended.code == ExitCode.DONE, ended.out + ended.err
    return ended.body


def sold(home: Path, hour: int, actor: str, stay: tuple[str, ...], phone: str) -> Body:
    """A call of ten minutes that sells."""
    day = f"2027-05-01T{hour:02}"
    at(home, f"{day}:00:00Z", actor, "call", "start", "--phone", phone)
    offer = at(home, f"{day}:01:00Z", actor, "reservation", "quote", *stay)["offer_id"]
    words = ("--offer", offer, "--pick", "1", "--phone", phone, "--name", "Can Su")
    held = at(home, f"{day}:02:00Z", actor, "reservation", "hold", *words)
    at(home, f"{day}:04:00Z", actor, "reservation", "confirm", held["reservation_id"], "--guarantee", "card")
    at(home, f"{day}:10:00Z", actor, "call", "end", "--outcome", "sold")
    return held


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sales of which one is cancelled, a third that was a mistake, a call that was lost, two leads of a fair."""
    home = a_home(tmp_path_factory.mktemp("kpi"))
    sold(home, 9, "ayse", JULY, "+905321112233")
    second = sold(home, 11, "berk", MAY, "+905321112299")
    wrong = sold(home, 12, "ayse", MAY, "+905321112288")
    undo = ("rollback", "plan", "--reservation", wrong["reservation_id"], "--reason", "wrong dates")
    plan = at(home, "2027-05-01T12:15:00Z", "boss", *undo)["rollback_id"]
    at(home, "2027-05-01T12:16:00Z", "boss", "rollback", "apply", plan, "-y")
    at(home, "2027-05-01T13:00:00Z", "berk", "call", "start", "--phone", "+4915112345678")
    at(home, "2027-05-01T13:01:00Z", "berk", "reservation", "quote", *JULY)
    at(home, "2027-05-01T13:06:00Z", "berk", "call", "end", "--outcome", "not_sold", "--lost-reason", "price")
    fair = ("lead", "add", "--name", "Fuar", "--source", "itb", "--channel", "whatsapp", "--phone")
    lead = at(home, "2027-05-01T14:00:00Z", "ayse", *fair, "05320000001")["case_id"]
    at(home, "2027-05-01T14:20:00Z", "ayse", "lead", "lose", lead, "--reason", "no_availability")
    at(home, "2027-05-01T15:00:00Z", "ayse", *fair, "05320000002")
    at(home, "2027-05-02T08:00:00Z", "berk", "reservation", "cancel", second["reservation_id"], "--reason", "ill", "-y")
    return home


@pytest.fixture
def home(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "home"))


def kpi(home: Path, *words: str, **environ: str) -> Ended:
    return run("kpi", *words, home=home, **{"SANTRAL_AS_OF": EVENING, **environ})


def whole(body: Body) -> dict[str, Body]:
    return {row["kpi"]: row for row in body["rows"] if not row["by"]}


def test_a_report_says_what_happened_and_in_the_keys_that_were_promised(home: Path) -> None:
    body = kpi(home, "report", *DAYS, "--json").body
    assert body["period"] == {"from": "2027-05-01", "to": "2027-05-02"}
    assert all(set(row) >= ROW_KEYS for row in body["rows"])
    rows = whole(body)
    assert tuple(rows) == COUNTED
    counted = {slug: rows[slug]["value"] for slug in ("call_volume_in", "call_volume_out", "contact_volume", "offers")}
    assert counted == {"call_volume_in": 4, "call_volume_out": 0, "contact_volume": 6, "offers": 4}
    shares = ("offer_to_sale_rate", "call_to_reservation_rate")
    assert {slug: (rows[slug]["value"], rows[slug]["n"]) for slug in shares} == dict.fromkeys(shares, (0.5, 4))
    assert (float(rows["revenue"]["value"]), rows["revenue"]["currency"]) == (399.0 + 138.0, "EUR")
    assert float(rows["basket_total"]["value"]) == (399.0 + 138.0) / 2
    assert (rows["basket_adr"]["n"], rows["lost_reasons"]["value"]) == (3 + 2, 2)
    won = rows["lead_to_reservation_rate"]
    assert (won["value"], won["n"]) == (pytest.approx(2 / 6, abs=1e-6), 6), "the mistake won nothing"
    assert (rows["frt_s"]["n"], rows["frt_s"]["value"]) == (1, pytest.approx(20 * 60, abs=30))
    assert body["pms"]["vouched"] == body["pms"]["reservations"] == 3
    for day, share in (("2027-05-12", 1), ("2027-07-10", 0)):
        cancelled = whole(kpi(home, "report", "--from", day, "--to", day, "--json").body)["cancellation_rate"]
        assert (cancelled["value"], cancelled["n"]) == (share, 1)


def test_the_parts_of_every_dimension_sum_to_the_whole_and_the_rows_behind_it_too(home: Path) -> None:
    body = kpi(home, "report", *DAYS, *(word for one in Dimension for word in ("--by", one.value)), "--json").body
    rows, summed = whole(body), {one.value: Counter[str]() for one in Dimension}
    for row in body["rows"]:
        for dimension in row["by"]:
            summed[dimension][row["kpi"]] += row["n"] + row["open_n"]
    counted = {slug: row["n"] + row["open_n"] for slug, row in rows.items() if row["n"] + row["open_n"]}
    for dimension in ("day", "week", "channel", "hotel"):
        assert {slug: n for slug, n in summed[dimension].items() if n} == counted, dimension
    for dimension in ("source", "language", "segment", "agent"):
        assert summed[dimension], dimension
        assert summed[dimension].items() <= counted.items(), dimension
    for slug in ("contact_volume", "offers", "missed_lead_rate"):
        behind = kpi(home, "report", *DAYS, "--explain", slug, "--json").body["rows"]
        assert sum(row["adds"]["n"] for row in behind) == rows[slug]["n"]
    first = kpi(home, "report", *DAYS, "--explain", "offers", "--limit", "3", "--json").body
    rest = kpi(home, "report", *DAYS, "--explain", "offers", "--after", first["next"], "--json").body
    assert (len(first["rows"]), len(rest["rows"]), rest["next"]) == (3, 1, None)


def test_a_report_is_a_table_of_either_language_and_stays_one_while_the_pms_is_silent(home: Path) -> None:
    assert run("pms", "fault", "add", "down", home=home).code == ExitCode.DONE
    ended = kpi(home, "report", *DAYS, "--lang", "tr")
    assert (ended.code, ended.err) == (ExitCode.DONE, "")
    assert "Gelen aramalar" in ended.out
    assert "%50,0 (%15,0 - %85,0)" in ended.out
    assert kpi(home, "report", *DAYS, "--json").body["pms"]["silent"] == ["BELEK1"]
    table = list(csv.DictReader(io.StringIO(kpi(home, "report", *DAYS, "--no-pms", "--format", "csv").out)))
    assert tuple(row["kpi"] for row in table) == COUNTED


def test_counting_everything_anew_changes_no_number(home: Path) -> None:
    words = ("report", *DAYS, "--by", "agent", "--no-pms", "--json")
    before = kpi(home, *words).body["rows"]
    told = kpi(home, "refresh", "--all", "--json")
    assert (told.code, told.body["left"]) == (ExitCode.DONE, 0)
    assert told.body["families"] >= 6
    again = kpi(home, "refresh", "--json").body
    assert (again["notes"], again["left"]) == (0, 0)
    assert kpi(home, *words).body["rows"] == before


def test_a_look_at_now_has_todays_figures_and_the_board(home: Path) -> None:
    body = kpi(home, "live", "--once", "--json").body
    assert body["period"] == {"from": "2027-05-02", "to": "2027-05-02"}
    assert tuple(whole(body)) == COUNTED
    assert {one["reason"]: one["n"] for one in body["board"]["lost_reasons"]} == {"price": 1, "no_availability": 1}
    assert body["board"]["missed_leads"]["n"] == 1
    ended = kpi(home, "live", "--once", "--lang", "tr")
    assert (ended.code, ended.err) == (ExitCode.DONE, "")
    assert "Şu anda kaçan talepler: 1" in ended.out


def test_files_are_whole_once_and_a_folder_is_brought_up_to_date_without_a_change(home: Path, tmp_path: Path) -> None:
    out, folder = tmp_path / "week.xlsx", tmp_path / "kpi"
    assert kpi(home, "report", *DAYS, "--out", str(out), "--json").body["format"] == "xlsx"
    assert out.read_bytes()[:2] == b"PK"
    refused = kpi(home, "report", *DAYS, "--out", str(out))
    assert (refused.code, "is there already" in refused.err) == (ExitCode.REFUSED, True)
    words = ("export", *DAYS, "--out", str(folder), "--format", "csv,xlsx", "--json")
    first = kpi(home, *words, SANTRAL_AS_OF=NEXT_DAY).body
    assert (first["written"], first["unchanged"], first["uncounted"]) == (14, 0, 0)
    files = {one.name: one.read_bytes() for one in folder.iterdir()}
    waits, is_over = kpi(home, *words, SANTRAL_AS_OF=NEXT_DAY).body["days"]
    assert (waits["final"], is_over["final"], is_over["unchanged"]) == (False, True, 7)
    assert waits["open"] == 2, "the second lead of the fair, and the one whose sale was a mistake"
    assert set(waits["written"]) <= {f"{name}-2027-05-01.{end}" for name, end in OF_OPEN_CASES}
    assert {one.name for one in folder.iterdir()} == set(files)
    assert {name: (folder / name).read_bytes() for name in files if "-2027-05-02" in name}.items() <= files.items()
    assert json.loads(files["manifest.json"])
    sales = list(csv.DictReader(io.StringIO(files["sales-2027-05-01.csv"].decode("utf-8-sig"))))
    assert len(sales) == 2


MISUSE = {
    ("report", "--from", "yesterday"): (2, "yesterday is not a day such as"),
    ("report", "--from", "2027-05-09", "--to", "2027-05-01"): (2, "is after the last"),
    ("report", "--from", "2027-06-09"): (2, "is after the last"),
    ("report", "--from", "2020-01-01"): (2, "covers 1 to 1100 days"),
    ("report", "--to", "9999-12-31"): (2, "9999-12-31 is too far from today."),
    ("report", "--to", "0001-01-01"): (2, "0001-01-01 is too far from today."),
    ("report", "--kpi", "luck"): (4, "There is no KPI luck."),
    ("report", "--by", "mood"): (2, "mood"),
    ("report", "--hotel", "NOPE"): (4, "There is no hotel NOPE."),
    ("report", "--explain", "luck"): (4, "There is no KPI luck."),
    ("report", "--explain", ""): (4, "There is no KPI"),
    ("report", "--explain", "frt_s", "--part", "mood=good"): (2, "mood is not a part of a KPI."),
    ("report", "--explain", "frt_s", "--part", "channel=sms", "--part", "channel=phone"): (2, "channel is said twice."),
    ("report", "--explain", "frt_s", "--after", "there"): (2, "there is no place of a row."),
    ("report", "--part", "channel=phone"): (2, "--part goes with --explain."),
    ("report", "--after", "BELEK1|2027-05-01|x"): (2, "--after goes with --explain."),
    ("report", "--format", "xlsx"): (2, "needs a name: --out FILE."),
    ("report", "--headings", "runes"): (2, "runes are no headings."),
    ("report", "--out", "report.doc"): (2, "doc is no form of file."),
    ("report", "--out", f"{'n' * 300}.csv"): (2, "cannot be written"),
    ("report", "--out", "no/such/folder.csv"): (2, "cannot be written"),
    ("live", "--once", "--kpi", "luck"): (4, "There is no KPI luck."),
    ("live", "--every", "0"): (2, "--every"),
    ("refresh", "all"): (2, "all"),
    ("export",): (2, "--out"),
    ("export", "--out", "kpi", "--format", "doc"): (2, "doc is no form of file."),
    ("export", "--out", "kpi", "--to", "0001-01-01"): (2, "0001-01-01 is too far from today."),
    ("weekly", "--out", "kpi", "--week", "0001-W01"): (2, "0001-01-01 is too far from today."),
}


@pytest.mark.parametrize("words", MISUSE, ids=" ".join)
def test_what_cannot_be_meant_is_one_sentence_and_writes_no_file(
    words: tuple[str, ...], lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = kpi(lived, *words)
    code, said = MISUSE[words]
    assert (ended.code, said in ended.err, ended.out) == (code, True, ""), ended.err
    assert not [one for one in tmp_path.rglob("*") if one.is_file() and not one.name.endswith(".lock")]


@pytest.mark.parametrize(
    ("lines", "into", "said"),
    [
        ("EUR,50\nEUR,60\n", "TRY", "The rate of EUR is given twice."),
        ("EUR,1e999999999\n", "TRY", "is no rate between two currencies."),
        ("EUR,0\n", "TRY", "A rate is above zero."),
        ("EUR,50\nTRY,2\n", "TRY", "One TRY is one TRY."),
        ("EUR,50\n", "XXX", "Currency XXX is not known."),
        ("USD,50\n", "TRY", "There is no rate for EUR."),
        ('"' + "x" * 200_000, "TRY", "cannot be read"),
    ],
)
def test_rates_that_are_none_are_told(home: Path, tmp_path: Path, lines: str, into: str, said: str) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(lines, encoding="utf-8")
    words = ("--rates", str(rates), "--into", into, "--rate-day", "2027-05-01")
    ended = kpi(home, "report", *DAYS, "--no-pms", *words)
    assert (ended.code, said in ended.err) == (ExitCode.USAGE, True), ended.err


def test_a_kit_that_begins_in_another_age_is_bad_input(home: Path, tmp_path: Path) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        ended = run("golive", "kit", "--out", str(tmp_path / "kit"), "--start", day, home=home)
        assert (ended.code, f"{day} is too far from today." in ended.err) == (ExitCode.USAGE, True), ended.err
    assert not (tmp_path / "kit").exists()
