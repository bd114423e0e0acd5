"""The scenario of a run, made again from what `plan.json` holds of it.

JSON has neither days nor decimals: what the loader read strictly is read leniently here, and comes to the same
scenario. Hotels that do not come with Santral are looked for beside the scenario's own file.
"""

import re
from datetime import datetime
from pathlib import Path

from loadtests.run_plan import PLAN, RunPlan
from scenarios.scenario_hotels import hotels_of
from scenarios.scenario_layers import Layer
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season import Scenario

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")


def planned_scenario(plan: RunPlan) -> LoadedScenario:
    """The run's scenario with its hotels, without its assumptions. HotelFileError and ScenarioFileError when a hotel's
    file is gone."""
    content = {key: _with_instants(value) for key, value in plan.scenario.items()}
    scenario = Scenario.model_validate(content, strict=False)
    layer = Layer(PLAN, content, {}, folder=Path(plan.scenario_path).parent)
    return LoadedScenario(scenario, hotels_of(scenario, [layer]), (), content, (PLAN,))


def _with_instants(value: object) -> object:
    if isinstance(value, dict):
        return {key: _with_instants(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_instants(one) for one in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value)
    return value
