"""A report beside the season as it was planned: the same lines by the same formulas, nothing where a plan is silent."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.exit_codes import ExitCode
from cli.kpi_planned import planned_body, planned_from, planned_of
from domain.kpi_list import Unit
from domain.kpi_plan import Planned, beside, compared, difference, is_outside
from domain.kpi_row import KpiRow, Period, PlanCell
from scenarios.scenario_loader import load_scenario
from sim.figures import figures
from sim.runner import simulate
from sim.sensitivity import job_of
from tests.kpi.exports import Exporting
from tests.kpi.weeks import a_day, put

DAYS = Period(date(2027, 8, 2), date(2027, 8, 3))


def a_plan(**cells: PlanCell) -> Planned:
    found = {(slug, "", ""): cell for slug, cell in cells.items()}
    return Planned("smoke", 1, 6, 0.99, "EUR", DAYS.first, DAYS.last, ("BELEK1",), found)


def test_each_formula_is_compared_by_what_it_is_judged_by() -> None:
    frt = KpiRow("frt_s", Unit.SECONDS, 100.0, 5, percentiles={75: 130}, plan=PlanCell(120.0, 100.0, 128.0))
    asa = KpiRow("asa_s", Unit.SECONDS, 9.5, 5, percentiles={75: 12}, plan=PlanCell(10.0, 8.0, 12.0))
    assert (compared(frt), difference(frt), is_outside(frt)) == (130.0, 10.0, True)
    assert (compared(asa), difference(asa), is_outside(asa)) == (9.5, -0.5, False)
    open_ones = KpiRow("frt_s", Unit.SECONDS, 100.0, 5, percentiles={75: None}, plan=PlanCell(120.0, 100.0, 128.0))
    assert (difference(open_ones), is_outside(open_ones)) == (None, None)


def test_without_a_band_nothing_is_outside() -> None:
    row = KpiRow("contact_volume", Unit.COUNT, 900.0, 900, plan=PlanCell(10.0))
    assert (difference(row), is_outside(row)) == (890.0, None)


def test_money_of_another_currency_has_no_plan() -> None:
    rows = [KpiRow("revenue", Unit.MONEY, Decimal("100.00"), 1, currency=one) for one in ("EUR", "TRY")]
    euro, lira = beside(rows, a_plan(revenue=PlanCell(90.0)), ("revenue",), ())
    assert (difference(euro), lira.plan) == (10.0, None)


def test_a_channel_from_which_nothing_came_has_a_line_of_nothing() -> None:
    cells = {("contact_volume", "channel", name): PlanCell(5.0, 2.0, 8.0) for name in ("email", "ota", "whatsapp")}
    plan = Planned("smoke", 1, 6, 0.99, "EUR", DAYS.first, DAYS.last, (), cells)
    rows = [KpiRow("contact_volume", Unit.COUNT, 4.0, 4, by={"channel": name}) for name in ("email", "whatsapp")]
    found = beside(rows, plan, ("contact_volume",), ("channel",))
    assert [(one.by["channel"], one.value, is_outside(one)) for one in found] == [
        ("email", 4.0, False), ("ota", 0.0, True), ("whatsapp", 4.0, False),
    ]  # fmt: skip
    assert beside(rows, plan, ("frt_s",), ("channel",))[-1].by == {"channel": "whatsapp"}


def test_a_plan_is_the_mean_of_its_replications_and_survives_the_way_to_another_process() -> None:
    loaded = load_scenario("smoke")
    plan = planned_of(loaded, DAYS, 6)
    values = [figures(simulate(job_of(loaded), one)) for one in range(6)]
    mean = sum(one["revenue"] or 0.0 for one in values) / 6
    cell = plan.cells["revenue", "", ""]
    assert cell.value == pytest.approx(mean)
    assert cell.low is not None
    assert cell.high is not None
    assert cell.low < mean < cell.high
    assert planned_from(planned_body(plan)) == plan
    assert planned_of(loaded, DAYS, 2).cells["revenue", "", ""].low is None
    assert ("contact_volume", "day", "2027-08-03") in plan.cells


@pytest.fixture
def august(tmp_path: Path) -> Exporting:
    """The two days of the smoke season, busier than it."""
    house = Exporting.of_the_week(tmp_path)
    house.clock.set(datetime(2027, 8, 4, 9, tzinfo=UTC))
    for place, day in enumerate((DAYS.first, DAYS.last)):
        house.change(lambda tx, day=day, place=place: put(tx, a_day(day, place, size=300)))  # type: ignore[misc]
    return house


WORDS = ("kpi", "report", "--from", "2027-08-02", "--to", "2027-08-03", "--no-pms", "--plan", "smoke",
         "--replications", "6", "--workers", "1")  # fmt: skip


def test_the_report_lays_the_plan_beside_the_whole_the_channels_and_the_days(august: Exporting) -> None:
    body = august.run(*WORDS, "--by", "channel", "--by", "day", "--json").body
    assert (body["plan"]["scenario"], body["plan"]["replications"], body["plan"]["currency"]) == ("smoke", 6, "EUR")
    rows = {(row["kpi"], *row["by"].values()): row for row in body["rows"]}
    whole = rows[("contact_volume",)]
    assert (whole["value"], whole["outside"]) == (1200.0, True)
    assert whole["difference"] == pytest.approx(1200 - whole["plan"])
    assert rows["frt_s", "whatsapp"]["difference"] == pytest.approx(
        rows["frt_s", "whatsapp"]["p75"] - rows["frt_s", "whatsapp"]["plan"]
    )
    assert rows["contact_volume", "2027-08-02"]["plan"] < whole["plan"]
    assert rows["contact_volume", "ota"]["value"] == 0.0
    silent = ("offers", "missed_lead_rate", "lost_reasons", "in_pms_before_call_end_rate", "lead_to_reservation_rate")
    assert {rows[(slug,)]["plan"] for slug in silent} == {None}


def test_people_read_plan_band_and_difference(august: Exporting) -> None:
    said = august.run(*WORDS, "--kpi", "contact_volume", "--kpi", "service_level", COLUMNS="200")
    assert said.code == ExitCode.DONE, said.err
    assert "Season smoke, simulated 6 times" in said.out
    assert "Band" in said.out
    turkish = august.run(*WORDS, "--kpi", "contact_volume", "--lang", "tr")
    assert "Bant" in turkish.out


def test_files_have_the_plan_in_columns_of_their_own(august: Exporting, tmp_path: Path) -> None:
    out = tmp_path / "august.csv"
    assert august.run(*WORDS, "--out", str(out)).code == ExitCode.DONE
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    whole = next(row for row in rows if row["kpi"] == "contact_volume" and not row["dimension"])
    assert Decimal(whole["difference"]) == Decimal(whole["value"]) - Decimal(whole["plan"])
    assert whole["outside"] == "true"
    book = tmp_path / "august.xlsx"
    assert august.run(*WORDS, "--out", str(book)).code == ExitCode.DONE
    sheet = load_workbook(book)["Summary"]
    headings = [one.value for one in sheet[4]]
    assert headings[-5:] == [
        "Plan", "Planned at least (99 %)", "Planned at most (99 %)", "Difference from the plan", "Outside the plan",
    ]  # fmt: skip
    plain = tmp_path / "plain.csv"
    assert august.run(*WORDS[: WORDS.index("--plan")], "--out", str(plain)).code == ExitCode.DONE
    assert "plan" not in plain.read_text(encoding="utf-8-sig").splitlines()[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--to", "2027-08-04"), "days that are over, up to 2027-08-03"),
        (("--from", "2027-08-01"), "does not hold all of these days"),
        (("--plan", "no-such-season"), "no-such-season"),
        (("--explain", "frt_s"), "no plan beside them"),
        (("--replications", "0"), "Replications are 1 to"),
        (("--from", "2027-08-03", "--to", "2027-08-02"), "is after the last"),
    ],
)
def test_what_cannot_stand_beside_a_plan_is_refused_before_anything_is_simulated(
    august: Exporting, more: tuple[str, ...], said: str
) -> None:
    ended = august.run(*WORDS, *more)
    assert ended.code == ExitCode.USAGE, ended.out
    assert said in ended.err


def test_without_a_period_the_days_are_those_that_are_over(august: Exporting) -> None:
    ended = august.run("kpi", "report", "--no-pms", "--plan", "smoke", "--replications", "1", "--json")
    assert ended.code == ExitCode.USAGE
    assert "does not hold all of these days" in ended.body["error"]["message"]
