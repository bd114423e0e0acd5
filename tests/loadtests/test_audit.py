"""Each check of the audit notices what it is there for: an honest run, one record changed behind everybody's back."""

import atexit
import json
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

import msgspec
import pytest

from cli.loadtest.audit import audit, note_start
from loadtests.checks import Check
from loadtests.journal import Entry, Fate, read_journal
from loadtests.run_plan import JOURNAL
from loadtests.words import CheckStatus
from tests.loadtests.runs import a_plan
from tests.loadtests.shop import make_shop, open_shop, rows, settings_of, tamper

STORE, PMS = "santral.sqlite", "pms.sqlite"


@cache
def honest_run() -> Path:
    """A home in which one honest shift was played, and its journal."""
    folder = Path(mkdtemp(prefix="santral-audit-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    open_shop(folder, make_shop(folder))
    return folder


def a_run(folder: Path) -> Path:
    """A copy of it."""
    return Path(copytree(honest_run(), folder / "run"))


def audited(folder: Path) -> dict[str, Check]:
    settings = settings_of(folder)
    checks = audit(folder, a_plan(), settings, settings.mock_path, pause=lambda _seconds: None)
    return {one.name: one for one in checks}


def failing(folder: Path) -> set[str]:
    return {name for name, one in audited(folder).items() if one.status is CheckStatus.FAIL}


STATE = {"as_acknowledged", "books_agree"}
TAMPERED = [
    (PMS, "DELETE FROM reservation WHERE id = 350003", {"acknowledged_once", "books_agree", "no_night_oversold"}),
    (PMS, "UPDATE reservation SET status = 'Cancelled' WHERE id = 350003",
     {"acknowledged_once", "as_acknowledged", "books_agree", "no_night_oversold"}),
    (PMS, "UPDATE reservation SET departure = date(departure, '+1 day') WHERE id = 350003",
     {"as_acknowledged", "books_agree", "no_night_oversold"}),
    (PMS, "UPDATE reservation SET guarantee = 'HOLD' WHERE id = 350001", STATE),
    (PMS, "UPDATE reservation SET total_minor = total_minor - 1 WHERE id = 350001", STATE),
    (PMS, "UPDATE reservation SET status = 'Reserved', deducts = 0 WHERE id = 350005", STATE),
    (PMS, "INSERT INTO reservation_ref SELECT system, ref, 350003 FROM reservation_ref WHERE reservation = 350001",
     {"acknowledged_once", "pms_records_known", "books_agree"}),
    (PMS, "UPDATE reservation SET creator = 'SANTRAL', status = 'Reserved' WHERE id IN"
          " (SELECT id FROM reservation WHERE creator = 'seed' AND departure < '2027-07-01' LIMIT 1)",
     {"pms_records_known"}),
    (PMS, "UPDATE stock SET sold = sold + 1 WHERE day = '2027-09-01'", {"no_night_oversold"}),
    (PMS, "UPDATE reservation SET created_ms = created_ms + 60000 WHERE id = 350006", {"in_pms_before_call_end"}),
    (PMS, "DELETE FROM deposit WHERE reservation = 350002", {"payments_agree"}),
    (PMS, "INSERT INTO deposit SELECT id + 1, hotel, reservation, 0, currency, method, reference, remark, day, folio,"
          " cashier, user FROM deposit WHERE reservation = 350002", {"payments_agree"}),
    (STORE, "UPDATE reservations SET paid = paid + 100 WHERE pms_ref = '350001'", {"payments_agree"}),
    (STORE, "UPDATE reservations SET state = 'option' WHERE pms_ref = '350001'", STATE),
    (STORE, "UPDATE reservations SET expires_at = 1 WHERE pms_ref = '350003'", {"holds_used_or_released"}),
    (STORE, "UPDATE reservations SET request_key = 'nobody' WHERE pms_ref = '350001'",
     {"our_records_known", "pms_records_known"}),
    (STORE, "UPDATE intents SET state = 'unknown' WHERE request_key = 'run-1-0-4'", {"writes_settled"}),
    (STORE, "DELETE FROM messages WHERE provider_id = 'wamid.run-1-0-0'",
     {"messages_in_one_case"}),
    (STORE, "UPDATE messages SET case_id = 'cas_none' WHERE provider_id = 'wamid.run-1-0-0'",
     {"messages_in_one_case", "no_message_without_case"}),
    (STORE, "UPDATE deliveries SET state = 'unreadable', problem = 'why'", {"no_message_without_case"}),
    (STORE, "UPDATE calls SET ended_at = NULL", {"calls_and_cases_kept"}),
    (STORE, "DELETE FROM calls", {"calls_and_cases_kept"}),
]  # fmt: skip


@pytest.mark.parametrize(("place", "change", "noticed_by"), TAMPERED)
def test_a_record_changed_behind_everybodys_back_is_noticed(
    tmp_path: Path, place: str, change: str, noticed_by: set[str]
) -> None:
    folder = a_run(tmp_path)
    tamper(folder / "home" / place, "PRAGMA ignore_check_constraints = 1", change)
    assert failing(folder) == noticed_by


def test_rows_of_the_audit_that_were_changed_are_noticed(tmp_path: Path) -> None:
    folder = a_run(tmp_path)
    ((trigger, text),) = rows(
        folder / "home" / STORE,
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%UPDATE ON audit %'",
    )
    tamper(folder / "home" / STORE, f"DROP TRIGGER {trigger}", "UPDATE audit SET actor = 'x' WHERE seq = 3", text)
    assert failing(folder) == {"audit_chain_whole"}


def rewritten(folder: Path, *more: Entry, **changed: str) -> Path:
    """The journal with the acknowledgement under `key` changed, and lines added."""
    path = folder / JOURNAL.format(0)
    key = changed.pop("key", "")
    lines = [
        msgspec.structs.replace(one, **changed) if one.key == key and one.fate is Fate.ACKNOWLEDGED else one
        for one in read_journal([path])
    ]
    path.write_bytes(b"\n".join(msgspec.json.encode(one) for one in [*lines, *more]) + b"\n")
    return folder


def test_a_booking_that_was_refused_and_is_there_is_noticed(tmp_path: Path) -> None:
    folder = rewritten(a_run(tmp_path), key="run-1-0-1", fate=Fate.REFUSED, ref="")
    assert failing(folder) == {"refused_left_nothing"}


def test_a_price_that_is_not_the_quoted_one_is_noticed(tmp_path: Path) -> None:
    assert failing(rewritten(a_run(tmp_path), key="run-1-0-1", quoted="147.99")) == {"prices_as_quoted"}


def test_a_call_that_no_one_can_find_is_noticed(tmp_path: Path) -> None:
    more = Entry(at_ns=1, operation="call_start", fate=Fate.ACKNOWLEDGED, key="k", ref="cal_lost")
    found = audited(rewritten(a_run(tmp_path), more))["calls_and_cases_kept"]
    assert (found.status, found.evidence) == (CheckStatus.FAIL, "cal_lost: acknowledged under k, not in our store")


def test_a_write_whose_end_nobody_knows_may_have_happened_or_not(tmp_path: Path) -> None:
    """The booking under key 1 is there, the one under key 99 is not; both were never answered."""
    lost = Entry(at_ns=2, operation="confirm", fate=Fate.INTENDED, key="run-1-0-99", actor="operator-0")
    folder = rewritten(a_run(tmp_path), lost, key="run-1-0-1", fate=Fate.UNKNOWN, ref="")
    assert failing(folder) == set()


def test_a_change_whose_end_nobody_knows_leaves_its_reservation_either_way_as_long_as_both_sides_agree(
    tmp_path: Path,
) -> None:
    """The change to three nights was carried out and never answered."""
    folder = a_run(tmp_path)
    ((name,),) = rows(folder / "home" / STORE, "SELECT reservation_id FROM reservations WHERE pms_ref = '350004'")
    rewritten(folder, key="run-1-0-5", fate=Fate.UNKNOWN, ref=name)
    assert failing(folder) == set()
    tamper(folder / "home" / PMS, "UPDATE reservation SET total_minor = 1 WHERE id = 350004")
    assert failing(folder) == {"books_agree"}


def test_a_failure_of_the_service_proves_nothing_whatever_the_client_called_it(tmp_path: Path) -> None:
    folder = rewritten(a_run(tmp_path), key="run-1-0-1", fate=Fate.REFUSED, ref="", problem="internal_error")
    path = folder / JOURNAL.format(0)
    lines = [msgspec.structs.replace(one, http_status=500) if one.problem else one for one in read_journal([path])]
    path.write_bytes(b"\n".join(msgspec.json.encode(one) for one in lines) + b"\n")
    assert "refused_left_nothing" not in failing(folder)


LAPSE = (
    "UPDATE reservations SET state = 'expired', expires_at = NULL WHERE pms_ref = '350003'",
    "INSERT INTO history SELECT reservation_id, 99, {at}, 'sweep', 'expired', 'option', 'expired',"
    " '[[\"deadline\",\"{deadline}\"]]' FROM reservations WHERE pms_ref = '350003'",
)
GONE = (
    "UPDATE reservation SET status = 'Cancelled' WHERE id = 350003",
    "UPDATE stock SET sold = sold - 1 WHERE room_type = 'STD' AND day IN (SELECT arrival FROM reservation WHERE"
    " id = 350003 UNION SELECT date(arrival, '+1 day') FROM reservation WHERE id = 350003)",
)
AT = 1_817_191_000_000


@pytest.mark.parametrize(
    ("deadline", "noticed_by"),
    [("2027-08-02T06:00:00Z", set()), ("2027-08-03T06:00:00Z", {"acknowledged_once", "as_acknowledged"})],
)
def test_an_option_may_lapse_once_its_time_has_passed_and_not_before(
    tmp_path: Path, deadline: str, noticed_by: set[str]
) -> None:
    folder = a_run(tmp_path)
    told = [one.format(at=AT, deadline=deadline) for one in LAPSE]
    tamper(folder / "home" / STORE, *told)
    tamper(folder / "home" / PMS, *GONE)
    assert failing(folder) == noticed_by


def test_what_was_there_before_the_load_is_not_its_doing(tmp_path: Path) -> None:
    folder = a_run(tmp_path)
    (folder / JOURNAL.format(0)).unlink()
    assert {"our_records_known", "pms_records_known"} <= failing(folder)
    settings = settings_of(folder)
    note_start(folder, settings, settings.mock_path)
    assert failing(folder) == set()


def test_all_findings_are_in_the_file_and_the_first_few_in_the_verdict(tmp_path: Path) -> None:
    folder = a_run(tmp_path)
    (folder / JOURNAL.format(0)).unlink()
    check = audited(folder)["our_records_known"]
    (kept,) = [
        one for one in json.loads((folder / "audit.json").read_text("utf-8"))["checks"] if one["name"] == check.name
    ]
    assert (check.measured, len(kept["findings"])) == ("6 wrong of 6 reservations", 6)
    assert check.evidence.endswith("; 1 more in audit.json")


def test_a_difference_that_is_gone_at_the_next_reading_is_none(tmp_path: Path) -> None:
    """The service still runs: an option lapses between the reading of one side and of the other."""
    folder, settings = a_run(tmp_path), settings_of(tmp_path / "run")
    tamper(folder / "home" / PMS, "UPDATE reservation SET guarantee = 'HOLD' WHERE id = 350001")
    mend = "UPDATE reservation SET guarantee = 'CARD' WHERE id = 350001"
    checks = audit(
        folder, a_plan(), settings, settings.mock_path,
        pause=lambda _seconds: tamper(folder / "home" / PMS, mend),
    )  # fmt: skip
    assert {one.status for one in checks} == {CheckStatus.PASS}


@pytest.mark.parametrize(("number", "noticed_by"), [("4", {"writes_settled"}), ("99", set())])
def test_a_write_may_stay_open_only_if_its_caller_was_told_so_and_the_pms_has_nothing_of_it(
    tmp_path: Path, number: str, noticed_by: set[str]
) -> None:
    """Key 4 made a record in the PMS; key 99 never got there, for the PMS was away."""
    key = f"run-1-0-{number}"
    lost = Entry(at_ns=2, operation="confirm", fate=Fate.UNKNOWN, key=key, actor="operator-0")
    folder = rewritten(a_run(tmp_path), lost, key="run-1-0-4", fate=Fate.UNKNOWN, ref="")
    tamper(
        folder / "home" / STORE,
        "CREATE TEMP TABLE one AS SELECT * FROM intents WHERE request_key = 'run-1-0-4'",
        f"UPDATE one SET intent_id = 'int_x', state = 'unknown', request_key = '{key}',"
        f" external_ref = CASE '{number}' WHEN '4' THEN external_ref ELSE 'SNT-NONE' END",
        "DELETE FROM intents WHERE request_key IN (SELECT request_key FROM one)"
        if number == "4"
        else "UPDATE one SET reservation_id = NULL",
        "INSERT INTO intents SELECT * FROM one",
    )
    assert failing(folder) == noticed_by
