"""Bad input: one clear sentence, the right exit code, and nothing written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.santral import Ended, a_home, contents, in_pms, in_store, run

STAY = ("--check-in", "2027-07-10", "--nights", "3", "--adults", "2")
QUOTE = ("reservation", "quote")
HOLD = ("reservation", "hold", "--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz", "--key", "k")
BAD: dict[str, tuple[int, tuple[str, ...]]] = {
    "a day in the past": (2, (*QUOTE, "--check-in", "2027-04-30", "--nights", "3", "--adults", "2")),
    "a day that is none": (2, (*QUOTE, "--check-in", "2027-02-30", "--nights", "3", "--adults", "2")),
    "dates reversed": (2, (*QUOTE, "--check-in", "2027-07-10", "--nights", "-3", "--adults", "2")),
    "no night": (2, (*QUOTE, "--check-in", "2027-07-10", "--nights", "0", "--adults", "2")),
    "no adult": (2, (*QUOTE, "--check-in", "2027-07-10", "--nights", "3", "--adults", "0")),
    "400 nights": (2, (*QUOTE, "--check-in", "2027-07-10", "--nights", "400", "--adults", "2")),
    "a child aged 25": (2, (*QUOTE, *STAY, "--child", "25")),
    "a number that is none": (2, (*QUOTE, "--check-in", "2027-07-10", "--nights", "three", "--adults", "2")),
    "an option left out": (2, (*QUOTE, "--check-in", "2027-07-10", "--nights", "3")),
    "an option that is not there": (2, (*QUOTE, *STAY, "--discount", "50")),
    "a verb that is not there": (2, ("reservation", "quoat")),
    "no verb": (2, ("reservation",)),
    "an unknown hotel": (4, (*QUOTE, *STAY, "--hotel", "NOWHERE1")),
    "an unknown room type": (4, (*QUOTE, *STAY, "--room-type", "CASTLE")),
    "an unknown rate plan": (4, (*HOLD, *STAY, "--room-type", "STD", "--rate-plan", "GIFT")),
    "an unknown currency": (2, (*QUOTE, *STAY, "--currency", "XYZ")),
    "a telephone number that is none": (2, ("call", "start", "--phone", "abc")),
    "a guest without a number": (2, ("guest", "create", "--name", "Ayşe Yılmaz")),
    "an e-mail address that is none": (2, ("guest", "create", "--name", "Ayşe Yılmaz", "--email", "ayse")),
    "an offer that is not there": (4, (*HOLD, "--offer", "off_none", "--pick", "1")),
    "nothing said to book": (2, HOLD),
    "offer and dates at once": (2, (*HOLD, *STAY, "--offer", "off_none", "--pick", "1")),
    "a reservation that is not there": (4, ("reservation", "show", "res_none")),
    "a confirmation without guarantee": (
        3, ("reservation", "confirm", "--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz", *STAY, "--room-type", "STD",
            "--rate-plan", "UAI-FLEX", "--key", "k"),
    ),
    "a guarantee that is none": (
        2, ("reservation", "confirm", "--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz", *STAY, "--room-type", "STD",
            "--rate-plan", "UAI-FLEX", "--guarantee", "promise", "--key", "k"),
    ),
    "a key that is too long": (
        2, ("reservation", "hold", "--phone", "0532 111 22 33", "--name", "Ayşe Yılmaz", *STAY, "--room-type", "STD",
            "--rate-plan", "UAI-FLEX", "--key", "k" * 256),
    ),
    "a special request that is none": (
        2, (*HOLD, *STAY, "--room-type", "STD", "--rate-plan", "UAI-FLEX", "--request", "moon"),
    ),
    "a call that is not open": (4, ("call", "end", "--outcome", "sold")),
    "an end of call without outcome": (3, ("call", "end")),
    "a lost call without reason": (3, ("call", "end", "--outcome", "not_sold")),
    "an outcome that is none": (2, ("call", "end", "--outcome", "maybe")),
    "a status that is none": (2, ("reservation", "list", "--status", "lost")),
    "a user name that is none": (2, ("user", "add", "a b")),
    "a role that is none": (2, ("user", "add", "ayse", "--role", "king")),
    "a token for nobody": (4, ("user", "token", "nobody")),
    "a file that is not there": (2, ("offer", "import-rates", "nowhere.csv")),
    "an instant that is none": (2, ("reservation", "list", "--as-of", "tomorrow")),
    "a form that is none": (2, ("reservation", "list", "--format", "xml")),
    "a language that is none": (2, ("reservation", "list", "--lang", "xx")),
    "stop-sale days reversed": (2, ("pms", "close", "--from", "2027-07-20", "--to", "2027-07-10")),
    "a reset nobody agreed to": (2, ("pms", "reset")),
    "a clock set to nonsense": (2, ("pms", "clock", "--set", "noon")),
}  # fmt: skip


def one_sentence(text: str) -> bool:
    return 1 <= len(text.strip().splitlines()) <= 2 and "Traceback" not in text and "{" not in text


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all of them; when they are done nothing has been written to the PMS either."""
    made = a_home(tmp_path_factory.mktemp("bad"))
    before = in_pms(made)
    yield made
    assert in_pms(made) == before


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_sentence_and_its_code_and_writes_nothing(home: Path, name: str) -> None:
    code, words = BAD[name]
    before = in_store(home)
    ended = run(*words, home=home)
    assert (ended.code, ended.out) == (code, "")
    assert name == "no verb" or one_sentence(ended.err), ended.err
    ended = run(*words, "--json", home=home)
    assert ended.code == code
    assert in_store(home) == before
    assert set(ended.body["error"]) == {"code", "message", "hint"}
    assert ended.body["error"]["code"] != "internal_error"
    assert ended.body["error"]["message"]


def test_an_expired_offer_is_refused_with_exit_3(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    offer = run(*QUOTE, *STAY, "--json", home=home).body
    guest = run("guest", "create", "--name", "Ayşe Yılmaz", "--phone", "0532 111 22 33", "--json", home=home).body
    before = contents(home)
    words = ("reservation", "hold", "--guest", guest["guest_id"], "--offer", offer["offer_id"], "--pick", "1", "--json")
    ended = run(*words, home=home, SANTRAL_AS_OF="2027-05-01T10:00:00Z")
    assert (ended.code, ended.body["error"]["code"]) == (3, "offer_expired")
    assert contents(home) == before


def a_hotel_file(tmp_path: Path, old: str, new: str) -> Path:
    text = (Path(__file__).parents[2] / "scenarios/hotels/belek-resort.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def init_with(tmp_path: Path, file: Path) -> Ended:
    return run("init", "--small", "--hotel-file", str(file), home=tmp_path / "home")


def test_a_misspelt_key_in_a_hotel_file_is_told_with_file_and_line(tmp_path: Path) -> None:
    ended = init_with(tmp_path, a_hotel_file(tmp_path, "[settings]\n", "[settings]\nhold_minuts = 15\n"))
    assert (ended.code, ended.out) == (2, "")
    assert "own.toml, line " in ended.err
    assert "hold_minuts" in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.toml"]


def test_a_missing_mapping_in_a_hotel_file_is_told(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "scenarios/hotels/belek-resort.toml").read_text(encoding="utf-8")
    start = text.index("[status_mapping]")
    line = next(row for row in text[start:].splitlines() if row.startswith("option"))
    ended = init_with(tmp_path, a_hotel_file(tmp_path, f"{line}\n", ""))
    assert ended.code == 2
    assert "status_mapping" in ended.err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"seller,night\n", b"x" * 30_000_000])
def test_a_rate_file_that_is_none_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    home = a_home(tmp_path)
    file = tmp_path / "rates.csv"
    file.write_bytes(content)
    before = contents(home)
    ended = run("offer", "import-rates", str(file), home=home)
    assert ended.code == 2
    assert one_sentence(ended.err)
    assert contents(home) == before


@pytest.mark.parametrize(
    "words", [("reservation", "list"), ("pms", "clock"), ("serve", "--port", "0"), ("audit", "tail")]
)
def test_without_a_home_a_command_says_so_with_exit_4(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = run(*words, home=tmp_path / "none")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err == f"There is no Santral home at {tmp_path / 'none'}; run `santral init`.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_is_told_and_is_no_bug(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (home / "santral.sqlite").write_bytes(b"not a database at all, not even close" * 100)
    ended = run("reservation", "list", "--json", home=home)
    assert ended.code in {2, 5}
    assert ended.body["error"]["code"] in {"store_unavailable", "configuration_error"}


def test_a_pms_that_is_down_is_exit_5_and_nothing_is_written(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    before = contents(home)
    ended = run(*QUOTE, *STAY, "--json", home=home, SANTRAL_PMS_URL="http://127.0.0.1:9")
    assert (ended.code, ended.body["error"]["code"]) == (5, "pms_unavailable")
    assert contents(home) == before


def test_a_home_made_for_another_mock_is_told_and_not_blamed_on_the_pms(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (home / "pms.sqlite").unlink()
    ended = run(*QUOTE, *STAY, "--json", home=home)
    assert (ended.code, ended.body["error"]["code"]) == (2, "configuration_error")
    assert not (home / "pms.sqlite").exists()
