"""The go-live kit says what the home says: change a setting and the documents change, and nothing else does."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.context import Session
from cli.golive.kit import DOCUMENTS
from cli.golive.kit_agent import errors
from cli.golive.kit_facts import KitFacts, Looked, gathered
from cli.golive.kit_kpis import Column, Measured
from cli.golive.kit_said import LANGUAGES, raw
from cli.golive.lines import LINES
from cli.reference import contexts, root_command
from cli.reports.kit_parts import Grid, Section, Sheet, Words, text_of
from cli.reports.kit_pdf import Print
from cli.reports.kit_xlsx import sheet_xlsx
from domain.access import RIGHTS, Actor, Permission, Role
from domain.errors import DomainError, Forbidden
from domain.kpi_list import Unit
from domain.kpi_row import KpiRow, Period
from integration.errors import PmsError, ServiceError
from loadtests.checks import Check
from loadtests.checks import Section as Of
from loadtests.words import CheckStatus
from tests.e2e.santral import NOW, Body, Ended, a_home, run
from tests.golive.pdf_words import pdf_words

TEXTS = ("common", *DOCUMENTS)
COMMAND = re.compile(r"\bsantral ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?")
LATER = NOW.replace("09:", "10:")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only looked at."""
    return a_home(tmp_path_factory.mktemp("kit"))


@pytest.fixture(scope="module")
def both(home: Path) -> dict[str, KitFacts]:
    """By language."""
    return {language: read(home, language=language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def facts(both: dict[str, KitFacts]) -> KitFacts:
    return both["tr"]


def read(home: Path, start: date | None = None, language: str = "tr", at: str = LATER) -> KitFacts:
    session = Session(environ={"SANTRAL_HOME": str(home), "SANTRAL_AS_OF": at, "SANTRAL_LANG": language})
    try:
        return gathered(session, None, start)
    finally:
        session.close()


def rows_of(sheet: Sheet) -> list[tuple[str, ...]]:
    return [tuple(text_of(cell) for cell in row) for grid in sheet.grids for row in grid.rows]


def words_of(sheet: Sheet) -> str:
    told = [sheet.title, sheet.intro, *(cell for row in rows_of(sheet) for cell in row)]
    parts = [part for section in sheet.sections for part in section.parts]
    return "\n".join([*told, *(text for part in parts if isinstance(part, Words) for text in part.texts)])


def changed(home: Path, *pairs: tuple[str, str]) -> None:
    """The home's hotel file with other words in it."""
    (file,) = (home / "hotels").glob("*.toml")
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def kit(home: Path, out: Path, *words: str, lang: str = "tr") -> Ended:
    return run("golive", "kit", "--out", str(out), "--lang", lang, *words, home=home)


def cells(path: Path) -> set[str]:
    book = openpyxl.load_workbook(path)
    return {str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell is not None}


def pairs_in(node: Any) -> Iterator[dict[str, str]]:
    if isinstance(node, dict) and set(node) & set(LANGUAGES):
        yield node
    elif isinstance(node, dict):
        for one in node.values():
            yield from pairs_in(one)
    elif isinstance(node, list):
        for one in node:
            yield from pairs_in(one)


@pytest.mark.parametrize("slug", TEXTS)
def test_every_sentence_stands_in_both_languages_with_the_same_placeholders(slug: str) -> None:
    def named(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    found = list(pairs_in(raw(slug)))
    assert found
    for pair in found:
        assert set(pair) == set(LANGUAGES), pair
        assert all(text.strip() for text in pair.values()), pair
        assert named(pair["tr"]) == named(pair["en"]), pair


def test_every_command_the_documents_name_is_one(both: dict[str, KitFacts]) -> None:
    known = {context.command_path for context in contexts(root_command())}
    text = "\n".join(words_of(DOCUMENTS[slug](facts)) for slug in DOCUMENTS for facts in both.values())
    named = {" ".join(("santral", noun, verb)).strip() for noun, verb in COMMAND.findall(text)}
    assert len(named) > 20
    assert sorted(named - known) == []


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_every_document_is_whole_and_nothing_in_it_is_left_to_fill(both: dict[str, KitFacts], slug: str) -> None:
    for language in LANGUAGES:
        sheet = DOCUMENTS[slug](both[language])
        assert (sheet.slug, bool(rows_of(sheet))) == (slug, True)
        assert all(len(row) == len(grid.headers) == len(grid.widths) for grid in sheet.grids for row in grid.rows)
        assert "{" not in words_of(sheet).replace("/{batch}", "")


def test_the_kit_is_written_once_and_a_changed_hotel_file_changes_what_it_says(tmp_path: Path) -> None:
    home, out = a_home(tmp_path), tmp_path / "kit"
    words = ("--only", "status-mapping", "--only", "rollback", "--json")
    first = kit(home, out, *words).body
    assert [one["slug"] for one in first["documents"]] == ["status-mapping", "rollback"]
    assert sorted(name for one in first["documents"] for name in one["files"]) == sorted(map(str, out.iterdir()))
    assert (first["written"], "15 dk" in cells(out / "status-mapping.xlsx")) == (4, True)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    later = run(
        "golive", "kit", "--out", str(out), "--lang", "tr", *words, home=home, SANTRAL_AS_OF="2027-06-20T21:00:00Z"
    )
    assert later.body["unchanged"] == 4

    changed(
        home, ("hold_minutes = 15", "hold_minutes = 40"), ("Held while the guest is on the line", "Kept for a caller")
    )
    refused = kit(home, out, *words)
    assert (refused.code, refused.body["error"]["code"]) == (3, "refused")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert kit(home, out, *words, "--force").body["fingerprint"] != first["fingerprint"]
    assert {"40 dk", "Kept for a caller"} <= cells(out / "status-mapping.xlsx")
    assert "40 dk" in pdf_words((out / "rollback.pdf").read_bytes())


@pytest.mark.torture  # half a minute of layout; each document is written by itself in `make test`
def test_the_whole_kit_has_a_page_a_contents_list_and_turkish_letters(tmp_path: Path, home: Path) -> None:
    out = tmp_path / "deep" / "kit"
    ended = kit(home, out, "--start", "2027-05-03", "--json")
    body = ended.body
    assert [one["slug"] for one in body["documents"]] == list(DOCUMENTS)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{Path(name).name}"' in page for one in body["documents"] for name in one["files"])
    whole = pdf_words(Path(body["whole"]).read_bytes())
    assert all(one["title"] in whole for one in body["documents"])
    assert set("çğıöşüÇİÖŞÜ") <= set(whole)
    for one in body["documents"]:
        assert openpyxl.load_workbook(out / f"{one['slug']}.xlsx").worksheets
        assert (out / f"{one['slug']}.pdf").read_bytes().startswith(b"%PDF")


def test_the_rights_table_is_what_the_access_rules_do(facts: KitFacts) -> None:
    sheet = DOCUMENTS["agent-screen"](facts)
    told = raw("agent-screen")["rights"]
    assert set(told) == set(Permission)
    found = {row[0]: row[1:] for row in rows_of(sheet)}
    for permission in Permission:
        for place, role in enumerate(Role):
            is_allowed = found[told[permission]["tr"]][place] == "evet"
            assert is_allowed == (permission in RIGHTS[role])
            try:
                Actor("x", role).require(permission)
            except Forbidden:
                assert not is_allowed
            else:
                assert is_allowed


def test_samples_of_personal_data_are_masked_for_whom_the_screen_masks(facts: KitFacts) -> None:
    found = {row[0]: row[1:] for row in rows_of(DOCUMENTS["agent-screen"](facts))}
    for name, clear in (("Ad soyad", "Ayşe Yılmaz"), ("Telefon", "+905321112233"), ("E-posta", "ayse@example.com")):
        shown = dict(zip(Role, found[name], strict=True))
        for role in Role:
            assert (shown[role] == clear) == (Permission.SEE_CLEAR in RIGHTS[role])


def test_every_field_of_the_agents_screen_is_a_key_of_a_real_answer(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    quoted = run("reservation", "quote", "--check-in", "2027-05-20", "--nights", "3", "--adults", "2", "--json",
                 home=home).body  # fmt: skip
    bodies = {"quote": quoted, "card": run("call", "start", "--phone", "0532 111 22 33", "--json", home=home).body}
    words = ("--offer", quoted["offer_id"], "--pick", "1", "--name", "Ada Su", "--phone", "0532 111 22 34", "--json")
    bodies["reservation"] = run("reservation", "hold", *words, home=home).body
    text = raw("agent-screen")
    assert (len(text["fields"]), len(text["tabs"])) == (10, 3)
    for one in (*text["fields"], *text["tabs"]):
        for key in one["keys"]:
            assert has(bodies[one["body"]], key), key


def has(body: Body, key: str) -> bool:
    """`choices[].total`: in the first choice, where there is one."""
    first, _, rest = key.partition("[].")
    if first not in body:
        return any(first in one for one in body.values() if isinstance(one, dict))
    return not rest or not body[first] or rest in body[first][0]


def test_every_error_has_its_line_with_what_the_screen_says(facts: KitFacts) -> None:
    roots = {cls.code for cls in (DomainError, ServiceError, PmsError)}
    told = raw("reservation-flow")["errors"]
    assert set(told) == set(errors()) - roots
    rows = {row[3]: row for row in rows_of(DOCUMENTS["reservation-flow"](facts)) if len(row) == 5}
    assert rows["price_changed"][1] == "Fiyat değişti"
    assert rows["pms_outcome_unknown"][4] == "6 / 504"


def test_users_and_channel_settings_show_as_they_stand(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert run("user", "add", "zeynep", "--role", "supervisor", home=home).code == 0
    words = ("channel", "set", "whatsapp", "--first-response", "1m", "--hours", "mon-fri 09:00-18:00", "--turns", "4")
    ended = run(*words, home=home)
    assert ended.code == 0, ended.err
    facts = read(home)
    assert ("Süpervizör", "zeynep") in rows_of(DOCUMENTS["agent-screen"](facts))
    clock = next(row for row in rows_of(DOCUMENTS["inbox"](facts)) if row[0] == "WhatsApp")
    assert (clock[1], clock[6]) == ("60 sn", "Pzt-Cum 09:00-18:00; Cmt-Paz kapalı; tatil günü kapalı")
    assert any("4 veya daha çok" in row[2] for row in rows_of(DOCUMENTS["channels"](facts)) if row[0] == "WhatsApp")
    sheet = DOCUMENTS["handoff"](facts)
    assert dict(sheet.more)["handoff.svg"].startswith(b"<svg")
    assert any(row[3] == "4" for row in rows_of(sheet) if len(row) == 5)


def test_readiness_shows_what_was_found_and_never_more(facts: KitFacts) -> None:
    rows = rows_of(DOCUMENTS["readiness"](facts))
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(LINES) + 1)]
    assert {row[2] for row in rows} == {"bakılmadı"}
    checks = (
        Check(Of.READINESS, "live_price", "ready", "ready", CheckStatus.PASS, "rooms=12"),
        Check(Of.READINESS, "tags", "ready", "waived", CheckStatus.WAIVED, "Ayşe: later"),
        Check(Of.TARGETS, "one_screen", "", "", CheckStatus.PASS),
    )
    sheet = DOCUMENTS["readiness"](replace(facts, readiness=Looked("run-7", checks)))
    found = {row[1]: row[2:] for row in rows_of(sheet)}
    assert found["Ekran PMS'teki canlı müsaitliği ve fiyatı gösteriyor"] == ("hazır", "rooms=12")
    assert found["Etiketler: Rezervasyon, Destek, VIP, OTA"] == ("üstlenildi", "Ayşe: later")
    assert found["Müsaitlik ve fiyat aynı ekranda"] == ("bakılmadı", "")
    assert "run-7. 1 hazır, 1 üstlenildi, 33 hazır değil." in words_of(sheet)


def test_before_and_after_are_filled_from_the_reports_and_empty_without_records(facts: KitFacts) -> None:
    empty = rows_of(DOCUMENTS["kpis"](facts))
    assert {row[3:5] for row in empty if len(row) == 6} == {("", "")}
    week = Period(date(2027, 4, 1), date(2027, 4, 28))
    row = KpiRow("handoff_rate", Unit.SHARE, 0.17, 200, low=0.12, high=0.23)
    known = replace(facts, measured=Measured(Column(week, (row,)), Column()))
    found = next(one for one in rows_of(DOCUMENTS["kpis"](known)) if one[0] == "Telefona devredilen")
    assert found[3:] == ("%17,0 (%12,0 - %23,0) (n=200)", "", "%15 - %20")
    assert "Sonra: kayıt yok." in words_of(DOCUMENTS["kpis"](known))


def test_the_weeks_before_and_after_the_plan_are_measured(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    call = run("call", "start", "--phone", "0532 111 22 33", "--json", home=home).body["call_id"]
    assert run("call", "end", call, "--outcome", "service", home=home).code == 0
    found = read(home, at="2027-05-03T09:00:00Z").measured
    assert [row.value for row in found.before.of("call_volume_in")] == [1]
    assert (found.before.period, found.after) == (Period(date(2027, 4, 5), date(2027, 5, 2)), Column())
    found = read(home, date(2027, 4, 12), at="2027-05-03T09:00:00Z").measured
    assert (found.before, found.after.period) == (Column(), Period(date(2027, 4, 26), date(2027, 5, 3)))
    assert [row.value for row in found.after.of("call_volume_in")] == [1]


def test_the_plan_has_fourteen_days_with_dates_from_the_first_one(home: Path) -> None:
    rows = rows_of(DOCUMENTS["sprint"](read(home, date(2027, 5, 24), "en")))
    assert (len(rows), rows[0][1], rows[13][1]) == (14, "24 May 2027", "6 June 2027")
    assert {row[1] for row in rows_of(DOCUMENTS["sprint"](read(home)))} == {""}


def test_what_a_cell_holds_never_becomes_a_formula(facts: KitFacts) -> None:
    grid = Grid(("=1+1",), (("=cmd|' /C calc'!A0",), ("https://example.com",)), (1,))
    how = Print("tr", "=foot & more", date(2027, 5, 1))
    content = sheet_xlsx(Sheet("x", "=title", "+intro", (Section("a/b:c", (grid,)), Section("a b c", (grid,)))), how)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["a b c", "a b c 2"]
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row if cell.value} == {"s"}


def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, home: Path) -> None:
    out = tmp_path / "kit"
    nowhere = kit(tmp_path / "none", out)
    assert (nowhere.code, "santral init" in nowhere.err, out.exists()) == (4, True, False)
    taken = tmp_path / "taken"
    taken.write_text("x", encoding="utf-8")
    assert kit(home, taken).code == 2
    unknown = kit(home, out, "--only", "menu", lang="en")
    assert (unknown.code, "There is no document menu." in unknown.err, "sprint" in unknown.err) == (2, True, True)
    assert kit(home, out, "--start", "soon").code == 2
    assert kit(home, out, "--readiness", "gone").code == 4
    assert kit(home, out, "--hotel", "XX", "--only", "sprint").code == 4
    assert json.loads(kit(home, taken, "--json").out)["error"]["code"] == "invalid_input"


def test_a_screen_names_the_files_in_the_readers_language(tmp_path: Path, home: Path) -> None:
    ended = kit(home, tmp_path / "kit", "--only", "sprint")
    assert "14 günlük sprint planı" in ended.out
    assert "sprint.pdf, sprint.xlsx" in ended.out
