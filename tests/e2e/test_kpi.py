"""`santral kpi` as it is typed: a small life reckoned by hand, its files, and what cannot be meant."""

import csv
import json
import shutil
from collections import Counter
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from cli.exit_codes import ExitCode
from domain.kpi_lines import COUNTED
from domain.kpi_row import Dimension
from tests.e2e.santral import Body, a_home, contents, run

DAYS = ("--from", "2027-05-01", "--to", "2027-05-02")
EVENING = "2027-05-02T20:00:00Z"
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


@lru_cache
def _lived() -> tuple[Path, tuple[str, str]]:
    """Two sales of which one is cancelled, a third that was a mistake, a call that was lost, two leads of a fair."""
    home = a_home(Path(mkdtemp(prefix="santral-kpi-")))
    first = sold(home, 9, "ayse", JULY, "+905321112233")
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
    return home, (first["total"]["amount"], second["total"]["amount"])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return Path(shutil.copytree(_lived()[0], tmp_path / "home"))


def kpi(home: Path, *words: str, **environ: str) -> Any:
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
    shares = {"offer_to_sale_rate": 4, "call_to_reservation_rate": 4}
    assert {slug: (rows[slug]["value"], rows[slug]["n"]) for slug in shares} == {slug: (0.5, 4) for slug in shares}
    first, second = (float(amount) for amount in _lived()[1])
    assert (float(rows["revenue"]["value"]), rows["revenue"]["currency"]) == (first + second, "EUR")
    assert float(rows["basket_total"]["value"]) == (first + second) / 2
    assert (rows["basket_adr"]["n"], rows["lost_reasons"]["value"]) == (3 + 2, 2)
    assert (rows["frt_s"]["n"], rows["frt_s"]["value"] // 1) == (1, 20 * 60)
    assert body["pms"]["vouched"] == body["pms"]["reservations"] == 3
    for days, share in ((("--from", "2027-05-12", "--to", "2027-05-12"), 1), (("--from", "2027-07-10", *JULY[:0]), 0)):
        until = days if len(days) == 4 else (*days, "--to", "2027-07-10")  # noqa: PLR2004
        cancelled = whole(kpi(home, "report", *until, "--json").body)["cancellation_rate"]
        assert (cancelled["value"], cancelled["n"]) == (share, 1)
