"""Rows counted together are the sum of rows alike, and packed columns are what was packed."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.usecases.kpi_columns import by_place, column, counted, numbers, together

WIDE = st.sampled_from([3, 1 << 20, 1 << 38])
ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1 << 38), st.integers(1, 1 << 30)), min_size=1, max_size=40)


def added_up(rows: list[tuple[int, int, int]]) -> dict[int, dict[int, int]]:
    found: dict[int, Counter[int]] = {}
    for place, value, times in rows:
        found.setdefault(place, Counter())[value] += times
    return {place: dict(found[place]) for place in sorted(found)}


@given(ROWS, WIDE, st.integers(1, 8))
def test_rows_counted_are_the_times_of_rows_alike_added_up(
    rows: list[tuple[int, int, int]], wide: int, cut: int
) -> None:
    alike = [(place, value % wide, times) for place, value, times in rows]
    pieces = [alike[start:][::cut] for start in range(min(cut, len(alike)))]
    columns = [tuple(np.array(one, np.int64) for one in zip(*piece, strict=True)) for piece in pieces]
    made = counted(together(columns))  # type: ignore[arg-type]
    assert dict(by_place(made)) == added_up(alike)
    assert dict(by_place(counted(made))) == added_up(alike), "again changes nothing"


@given(st.lists(st.integers(0, 1 << 62), min_size=1), st.sampled_from([0, 8, 20, 40]))
def test_a_column_is_what_was_packed(some: list[int], fewer_bits: int) -> None:
    kept = [one >> fewer_bits for one in some]
    assert numbers(column(np.array(kept, np.int64)), len(kept)).tolist() == kept


def test_a_column_takes_as_few_bytes_as_it_needs() -> None:
    for most, width in ((1, 0), (2, 1), (255, 1), (256, 2), (65_536, 4), (1 << 32, 8)):
        assert column(np.array([most, 1]))[0] == width


@pytest.mark.parametrize("wide", [1, 1 << 60])
@pytest.mark.parametrize("below", [1, 2])
def test_a_number_below_zero_is_refused(wide: int, below: int) -> None:
    rows = [np.array([0, 1]), np.array([wide, 1]), np.array([1, 1])]
    rows[below][1] = -1
    with pytest.raises(ValueError, match="below zero"):
        counted((rows[0], rows[1], rows[2]))
