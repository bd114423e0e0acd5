"""Every probe can say both: ready on a home where all is well, not ready where something is wrong."""

import pytest

from cli.golive.lines import LINES, Stands, State
from tests.golive.spoiling import BROKEN, examined
from tests.loadtests.misbehaving import Lie

Examined = tuple[dict[str, Stands], dict[str, Stands], dict[Lie, dict[str, Stands]]]
SLUGS = [one.slug for one in LINES]
LATER = {"targets_calibrated"}


@pytest.fixture(scope="module")
def examination(tmp_path_factory: pytest.TempPathFactory) -> Examined:
    return examined(tmp_path_factory.mktemp("golive"))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_line_is_ready_where_all_is_well(examination: Examined, slug: str) -> None:
    found = examination[0][slug]
    wanted = State.NOT_READY if slug in LATER else State.READY
    assert found.state is wanted, found.evidence
    assert found.evidence


@pytest.mark.parametrize("slug", SLUGS)
def test_a_line_is_not_ready_where_something_is_wrong(examination: Examined, slug: str) -> None:
    found = examination[1][slug]
    assert found.state is State.NOT_READY, found.evidence
    assert found.evidence.startswith("!")
    assert not found.evidence.startswith("!/v1/"), "it should see what is wrong, not stumble"


def test_every_line_has_been_broken() -> None:
    assert set(BROKEN) == set(SLUGS)


@pytest.mark.parametrize(
    ("lie", "slug"),
    [
        (Lie.WRONG_PRICE, "live_price"),
        (Lie.DOUBLES, "live_price"),
        (Lie.DOUBLES, "one_record_in_call"),
        (Lie.CONFIRMS_HOLDS, "made_on_one_screen"),
    ],
)
def test_a_service_that_lies_is_not_ready(examination: Examined, lie: Lie, slug: str) -> None:
    assert examination[2][lie][slug].state is State.NOT_READY, examination[2][lie][slug].evidence
