"""A scenario on another: what it says goes over the base, and each value keeps its own writer's source."""

from pathlib import Path

import pytest

from scenarios.scenario_loader import LoadedScenario, ScenarioFileError, load_scenario, parse_scenario
from scenarios.scenario_marks import Assumption
from tests.unit.scenarios.scenario_texts import MINE, line_with, refusal


def of(loaded: LoadedScenario, path: str) -> Assumption:
    return next(one for one in loaded.assumptions if one.path == path)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_tables_merge_key_by_key_and_the_rest_is_the_bases():
    mine, base = parse_scenario(MINE + "[team.phone]\nru = 9\n"), load_scenario()
    assert (mine.scenario.team["phone"].ru, mine.scenario.team["phone"].tr) == (9, base.scenario.team["phone"].tr)
    assert mine.scenario.demand == base.scenario.demand
    assert mine.files == ("antalya-high-season.toml", "scenario file")


def test_lists_are_replaced():
    mine = parse_scenario(MINE + '[[hotels]]\nfile = "demo-resort"\n')
    assert [one.hotel_id for one in mine.hotels] == ["DEMO1"]


def test_a_bare_value_over_a_marked_one_is_unmarked():
    mine = parse_scenario(MINE + "[selling.stages]\noption = 0.30\n")
    assert of(mine, "selling.stages.option").source == "unmarked"
    assert of(mine, "selling.stages.option").file == "scenario file"
    assert of(mine, "selling.stages.confirmed_at_once").source == "assumption"
    assert of(mine, "selling.stages.confirmed_at_once").file == "antalya-high-season.toml"


def test_a_value_of_its_own_mark_goes_before_its_tables():
    mine = parse_scenario(
        MINE + '[selling.stages]\nsource = "derived"\nnote = "our log"\noption = 0.30\n'
        'option_confirmed = { value = 0.7, source = "fact", note = "counted" }\n'
    )
    option, confirmed = of(mine, "selling.stages.option"), of(mine, "selling.stages.option_confirmed")
    assert (option.source, option.note) == ("derived", "our log")
    assert (confirmed.source, confirmed.note, confirmed.value) == ("fact", "counted", 0.7)


def test_a_mistake_in_the_file_names_the_file_and_its_line():
    text = MINE + "\n[demand]\nfactr = 2\n"
    error = refusal(text)
    assert (error.file, error.key, error.line) == ("mine.toml", "demand.factr", line_with(text, "factr"))


def test_a_mistake_in_the_base_names_the_base(tmp_path: Path):
    base = MINE.replace('"mine"', '"base"') + "[staff]\nabsence = 2\n"
    write(tmp_path, "base.toml", base)
    path = write(tmp_path, "top.toml", 'schema = 1\nextends = "base.toml"\nname = "top"\n')
    with pytest.raises(ScenarioFileError) as caught:
        load_scenario(path)
    assert (caught.value.file, caught.value.line) == ("base.toml", line_with(base, "absence"))


def test_a_hotel_file_is_looked_for_beside_the_file_that_names_it(tmp_path: Path):
    from tests.unit.scenarios.hotel_texts import belek_text

    inner = tmp_path / "inner"
    inner.mkdir()
    write(inner, "ours.toml", belek_text())
    write(inner, "base.toml", MINE + '[[hotels]]\nfile = "ours.toml"\n')
    path = write(tmp_path, "top.toml", 'schema = 1\nextends = "inner/base.toml"\nname = "top"\n')
    assert load_scenario(path).rooms == 266


def test_a_base_that_is_not_there_is_told_at_extends():
    error = refusal(MINE.replace("antalya-high-season", "antalya-low-season"))
    assert (error.key, error.line) == ("extends", 2)
    assert "there is no such scenario" in error.message


def test_a_scenario_on_another_has_a_name_of_its_own():
    error = refusal(MINE.replace('name = "mine"', ""))
    assert (error.file, error.key, error.message) == (
        "mine.toml",
        "name",
        "a scenario on another has a name of its own",
    )


def test_extends_is_text():
    assert refusal(MINE.replace('"antalya-high-season"', "7")).message == "text in quotes is expected"


def test_a_circle_is_refused(tmp_path: Path):
    write(tmp_path, "a.toml", 'schema = 1\nextends = "b.toml"\nname = "a"\n')
    path = write(tmp_path, "b.toml", 'schema = 1\nextends = "a.toml"\nname = "b"\n')
    with pytest.raises(ScenarioFileError, match="a circle"):
        load_scenario(path)


def test_more_than_four_files_are_refused(tmp_path: Path):
    write(tmp_path, "a0.toml", MINE)
    for number in range(1, 4):
        write(tmp_path, f"a{number}.toml", f'schema = 1\nextends = "a{number - 1}.toml"\nname = "a"\n')
    assert load_scenario(tmp_path / "a2.toml").days == 7
    with pytest.raises(ScenarioFileError, match="at most 4 files"):
        load_scenario(tmp_path / "a3.toml")
