"""Whatever agents, the wire, the desk and the clock do, our books and the hotel's agree: see `ladder.py`."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.ladder import SellingLadder

PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)


def test_the_ladder_keeps_both_books_alike_in_any_order_of_events() -> None:
    run_state_machine_as_test(
        SellingLadder, settings=settings(max_examples=40, stateful_step_count=25, suppress_health_check=PATIENT)
    )


@pytest.mark.torture
def test_the_ladder_keeps_both_books_alike_in_many_long_orders_of_events() -> None:
    run_state_machine_as_test(
        SellingLadder,
        settings=settings(max_examples=1500, stateful_step_count=60, suppress_health_check=PATIENT),
    )
