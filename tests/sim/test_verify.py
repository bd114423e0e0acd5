"""The engine is held against exact results, and the comparison can say no."""

import io
import json
import re

import pytest

from cli.context import Session
from cli.exit_codes import ExitCode
from cli.main import main
from cli.screens import verifications
from cli.screens.blocks import Table, Text
from cli.screens.reader import Reader
from integration.adapters.phrases import CataloguePhrases
from sim import verify
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate
from sim.proofs.feed import Chance
from sim.proofs.one_queue import ERLANG_A, ERLANG_C, Queue
from sim.verify import SEED, all_cases, body_of, judged
from tests.arch.tree import page

KEYS = ["case", "metric", "exact", "simulated", "se", "status"]


def test_a_quick_verification_passes_and_says_seed_and_date() -> None:
    out = io.StringIO()
    session = Session(environ={"SANTRAL_AS_OF": "2027-03-01T09:00:00Z"}, out=out)
    assert main(["sim", "verify", "--quick", "--json"], session) == 0
    body = json.loads(out.getvalue())
    assert (body["seed"], body["date"], body["verdict"]) == (SEED, "2027-03-01", "pass")
    assert [list(row) for row in body["rows"]] == [KEYS] * len(body["rows"])
    assert {row["case"].partition(" ")[0] for row in body["rows"]} == {
        "erlang_a", "erlang_c", "balking", "lognormal_talk", "n_model", "retrial", "chat", "handoff", "priority",
        "time_varying", "same_draws", "published",
    }  # fmt: skip


def test_one_agent_fewer_than_told_is_seen() -> None:
    told, fewer = Queue(400, 180, 300, 23), Queue(400, 180, 300, 22)
    chance = Chance(SEED, "one agent fewer", 40_000)
    rows = {row.metric: row.status for row in judged("x", told.exact(chance), fewer.simulate(chance))}
    assert rows["waits"] == rows["occupancy"] == rows["of_offered"] == "fail"


def test_a_figure_out_of_its_band_ends_with_the_code_of_a_failed_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    told, fewer = Queue(60, 240, 120, 5), Queue(60, 240, 120, 4)
    monkeypatch.setattr(verify, "all_cases", lambda: [Case("fewer", told.exact, fewer.simulate, 20_000, 20_000)])
    out = io.StringIO()
    assert main(["sim", "verify", "--json", "--seed", "3"], Session(environ={}, out=out)) == ExitCode.THRESHOLD
    assert json.loads(out.getvalue())["verdict"] == "fail"


def test_counts_of_the_same_draws_differ_by_nothing_and_estimates_by_four_standard_errors() -> None:
    exact = {"count": 1_000_000.0, "sum": 2e9, "near": 1.0, "far": 1.0}
    found = {
        "count": Estimate(1_000_001.0), "sum": Estimate(2e9 + 0.5), "near": Estimate(1.39, 0.1),
        "far": Estimate(1.41, 0.1),
    }  # fmt: skip
    assert [row.status for row in judged("x", exact, found)] == ["fail", "pass", "pass", "fail"]


def test_a_figure_out_of_its_band_fails_the_whole_and_is_told_in_words() -> None:
    rows = list(judged("x", {"waits": 0.2, "abandons": 0.1}, {"waits": Estimate(0.3, 0.01), "abandons": Estimate(0.1)}))
    body = body_of(rows, 1, "2027-03-01", quick=True)
    assert body["verdict"] == "fail"
    screen = verifications.table(body, Reader(CataloguePhrases(), "en"))
    table, said = screen[1], screen[-1]
    assert isinstance(table, Table)
    assert isinstance(said, Text)
    assert str(said.text) == "1 of 2 figures are more than 4 standard errors away."
    assert [str(cell) for cell in table.rows[0]] == ["x", "waits", "0.2", "0.3", "0.01", "+10.0", "fail"]


def test_at_least_ten_sets_of_erlang_a_and_c_go_from_one_agent_to_120() -> None:
    for table, place in ((ERLANG_A, 3), (ERLANG_C, 2)):
        agents = [row[place] for row in table]
        assert len(agents) >= 10
        assert (min(agents), max(agents)) == (1, 120)


def test_cases_have_names_of_their_own() -> None:
    names = [case.name for case in all_cases()]
    assert len(set(names)) == len(names)


def test_the_page_keeps_the_exact_figures_of_every_formula() -> None:
    text = page("docs/algorithms/season-verification.md")
    kept = {
        (case, metric): float(exact)
        for case, metric, exact in re.findall(
            r"^\| (\S+ [^|]*?) +\| (\S+(?: \S+)?) +\| ([\d.e+]+) ", text, re.MULTILINE
        )
    }
    for case in all_cases():
        if not case.name.startswith("same_draws"):
            for metric, value in case.exact(Chance(SEED, case.name, 1)).items():
                assert kept[case.name, metric] == pytest.approx(value, rel=1e-4), (case.name, metric)
