"""A Dask cluster of two worker processes runs the same season to the same bytes as this process."""

from pathlib import Path

import pytest

from tests.e2e import santral

pytestmark = pytest.mark.torture


def test_two_dask_workers_come_to_the_bytes_of_one_process(tmp_path: Path) -> None:
    season = ("--json", "sim", "run", "smoke", "-n", "4", "--workers")
    alone = santral.process(*season, "1", cwd=tmp_path)
    cluster = santral.process(*season, "2", "--executor", "dask://local", cwd=tmp_path)
    assert alone.code == cluster.code == 0, cluster.err
    assert alone.out == cluster.out
