"""What cannot be meant is refused with a sentence before anything is made."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.loadtest.generators import check_listen
from cli.loadtest.planning import marks_of, plan_of
from cli.loadtest.playing import Played
from cli.loadtest.runs import House, begun
from cli.loadtest.wishes import MOST, LoadWish, settle
from domain.errors import InvalidInput
from integration.adapters.clock import SystemClock
from integration.errors import StoreUnavailable
from integration.settings import settings_from
from loadtests.run_plan import TOKENS
from tests.loadtests.test_conductor import played

NAN = float("nan")
NOW = datetime(2027, 8, 2, 7, tzinfo=UTC)


def house(folder: Path) -> House:
    settings = settings_from({"SANTRAL_HOME": str(folder / "home")}, NOW, folder)
    return House(settings, {}, lambda *_, **__: None, lambda _: None, SystemClock())


@pytest.mark.parametrize("name", ["minutes", "speed", "peak", "rate"])
@pytest.mark.parametrize("value", [0.0, -1.0, NAN, float("inf"), MOST + 1.0])
def test_a_number_out_of_range_is_told_with_its_range(name: str, value: float) -> None:
    given: dict[str, Any] = {name: value}
    with pytest.raises(InvalidInput, match=rf"--{name} must be above 0 and at most {MOST}"):
        LoadWish("smoke", Path(), **given)


@pytest.mark.parametrize(
    "given",
    [
        {"rate": 5.0, "users": 3},
        {"rate": 5.0, "peak": 2.0},
        {"rate": 5.0, "profile": "spike"},
        {"users": 3, "peak": 2.0},
        {"users": 3, "profile": "spike"},
        {"is_master": True, "expect": 2, "workers": 2},
    ],
)
def test_options_of_which_one_would_do_nothing_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"Give --\w+ or --.*, not both"):
        LoadWish("smoke", Path(), **given)


def test_an_address_to_listen_at_belongs_to_a_master() -> None:
    with pytest.raises(InvalidInput, match="--listen belongs to --master"):
        LoadWish("smoke", Path(), listen="127.0.0.2")


@pytest.mark.parametrize("place", ["nobody.invalid", "999.1.1.1", "192.0.2.1", "", "a" * 300])
def test_an_address_that_is_none_of_this_machine_is_told_before_anything_is_made(place: str) -> None:
    wish = LoadWish("smoke", Path(), is_master=True, expect=1, listen=place or " ")
    with pytest.raises(InvalidInput, match="Nobody can be waited for"):
        check_listen(wish, is_served=False)


def test_other_machines_are_told_an_address_not_the_sign_for_all_of_them() -> None:
    wish = LoadWish("smoke", Path(), is_master=True, expect=1, listen="0.0.0.0")
    with pytest.raises(InvalidInput, match="by which the others reach"):
        check_listen(wish, is_served=True)


def test_a_soak_from_an_hour_that_was_asked_for_keeps_it_and_ends_by_midnight() -> None:
    late = settle(LoadWish("smoke", Path(), profile="soak", hour="2027-08-02T15:30"))
    assert (late.window.start.hour, late.window.minutes) == (15, 510)
    assert settle(LoadWish("smoke", Path(), profile="soak")).window.minutes == 720


@pytest.mark.parametrize("hour", ["2027-08-02", "20270802", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "ten"])
def test_what_is_no_hour_is_refused(hour: str) -> None:
    with pytest.raises(InvalidInput, match="is not an hour"):
        settle(LoadWish("smoke", Path(), hour=hour))


def test_an_hour_of_another_zone_is_the_same_instant() -> None:
    there = settle(LoadWish("smoke", Path(), hour="2027-08-02T07:00Z", minutes=5))
    assert there.start == settle(LoadWish("smoke", Path(), hour="2027-08-02T10:00", minutes=5)).start


def test_a_run_that_never_began_leaves_no_folder(tmp_path: Path) -> None:
    def work() -> None:
        with begun(house(tmp_path), LoadWish("smoke", tmp_path)):
            raise InvalidInput("nothing of it", field="hour")

    with pytest.raises(InvalidInput, match="nothing of it"):
        work()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_taken_away_is_told_in_one_sentence(tmp_path: Path) -> None:
    def work() -> None:
        with begun(house(tmp_path), LoadWish("smoke", tmp_path)) as run:
            run.folder.rename(tmp_path / "away")
            (run.folder / TOKENS).write_bytes(b"")

    with pytest.raises(StoreUnavailable, match="taken away"):
        work()


def test_a_disk_that_is_full_is_told_with_the_folder(tmp_path: Path) -> None:
    def work() -> None:
        with begun(house(tmp_path), LoadWish("smoke", tmp_path)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StoreUnavailable, match=r"smoke-.* cannot be written: No space left"):
        work()


def test_the_load_ends_as_soon_as_its_folder_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    found: list[Played] = []

    def take(_machines: object) -> None:
        folder.rename(tmp_path / "away")

    with pytest.raises(FileNotFoundError):
        found.append(played(folder, lasts_s=10_000, story=take))
    assert found == []


def test_a_rate_for_an_hour_in_which_nobody_comes_is_refused(tmp_path: Path) -> None:
    wish = LoadWish("smoke", tmp_path, rate=50, minutes=10, sets=("demand.factor=0.000001",))
    with pytest.raises(InvalidInput, match="Hardly anybody comes"):
        plan_of(wish, settle(wish), marks_of("x", NOW, lambda: bytes(32)), "http://127.0.0.1:1")
