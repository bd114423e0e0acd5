"""Where load may be sent, with whose tokens, and what a person may answer for."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.loadtest.target import Waiver, check_options, is_allowed, target_of, waived, waivers_of
from domain.errors import InvalidInput, Refused
from loadtests.checks import Check, Section, verdict_of
from loadtests.words import CheckStatus, Verdict

TOKENS = {"operator": ["a", "b"], "supervisor": ["c"], "admin": []}


def a_file(folder: Path, content: object = TOKENS) -> Path:
    path = folder / "tokens.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"])
def test_this_machine_is_always_allowed(host: str) -> None:
    assert is_allowed(host, ())


@pytest.mark.parametrize(
    "host", ["load.hotel.example", "10.0.0.7", "0.0.0.0", "localhost.hotel.example", "127.0.0.1.example"]
)
def test_any_other_host_only_by_its_exact_name(host: str) -> None:
    assert not is_allowed(host, ())
    assert not is_allowed(host, ["hotel.example", "", f"{host}.other", "*"])
    assert is_allowed(host.upper(), [f" {host} "])


def test_load_on_a_host_nobody_allowed_is_refused_before_a_token_is_read(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"hotel\.example"):
        target_of("https://hotel.example", tmp_path / "missing.json", [])
    assert target_of("https://hotel.example/", a_file(tmp_path), ["hotel.example"]).url == "https://hotel.example"


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8700",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1/?a=b",
        "",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://me:word@127.0.0.1:8700",
    ],
)
def test_what_is_no_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="address"):
        target_of(url, a_file(tmp_path), [])


def test_userinfo_does_not_lend_its_name_to_the_host(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="evil") as found:
        target_of("http://localhost:secret@evil.example/", a_file(tmp_path), ["localhost"])
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    "content", [[], {}, {**TOKENS, "operator": []}, {**TOKENS, "admin": "c"}, {**TOKENS, "admin": [1]}]
)
def test_a_token_file_needs_its_roles(content: object, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"tokens\.json"):
        target_of("http://127.0.0.1:1", a_file(tmp_path, content), [])


def test_tokens_and_secret_do_not_show(tmp_path: Path) -> None:
    found = target_of(
        "http://127.0.0.1:1", a_file(tmp_path, {**TOKENS, "hook_secret": "whsec_x", "operator": ["snt_abc"]}), []
    )
    assert "snt_abc" not in repr(found)
    assert "whsec_x" not in repr(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"token_file": Path("x")}, "--token-file belongs to --target"),
        ({"allow": ["host"]}, "--allow belongs to --target"),
        ({"url": "http://127.0.0.1:1", "database": "sqlite"}, "Give --target or --database, not both"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        check_options(**{"url": "", "token_file": None, "allow": None, "database": "auto"} | given)


@pytest.mark.parametrize(
    ("names", "reason", "by", "said"),
    [
        ([], "x", "", "--reason belongs to --waive"),
        ([], "", "y", "--by belongs to --waive"),
        (["integrity"], "x", " ", "needs --reason and --by"),
        (["integrty"], "x", "y", "There is no check integrty"),
    ],
)
def test_a_waiver_names_a_check_that_there_is_a_reason_and_a_person(
    names: list[str], reason: str, by: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        waivers_of(names, reason, by)


@pytest.mark.parametrize("name", ["integrity", "headroom", "recovery_2_service_killed", "booking_p95_busiest"])
def test_sections_recoveries_and_busiest_stretches_can_be_waived(name: str) -> None:
    assert waivers_of([name], "x", "y") == (Waiver(name, "x", "y"),)


def check(name: str, status: CheckStatus) -> Check:
    return Check(Section.INTEGRITY, name, "0", "-", status, "why")


def test_only_what_was_skipped_can_be_waived() -> None:
    waiver = [Waiver("lost", "the PMS is not ours", "Ayse")]
    (skipped,) = waived([check("lost", CheckStatus.SKIPPED)], waiver)
    assert skipped.status is CheckStatus.WAIVED
    assert "Ayse: the PMS is not ours" in skipped.evidence
    (failed,) = waived([check("lost", CheckStatus.FAIL)], waiver)
    assert failed.status is CheckStatus.FAIL


def test_skipped_checks_make_a_run_invalid_until_each_is_waived_by_name_or_section() -> None:
    checks = [check("lost", CheckStatus.SKIPPED), check("doubled", CheckStatus.SKIPPED)]
    assert verdict_of(checks) is Verdict.INVALID
    assert verdict_of(waived(checks, [Waiver("lost", "r", "b")])) is Verdict.INVALID
    assert verdict_of(waived(checks, [Waiver("integrity", "r", "b")])) is Verdict.PASS


def test_a_waiver_needs_a_reason_and_a_name() -> None:
    with pytest.raises(InvalidInput, match="--reason"):
        waivers_of(["lost"], " ", "Ayse")
    assert waivers_of([], "", "") == ()
