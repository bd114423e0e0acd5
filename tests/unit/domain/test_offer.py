"""An offer keeps its price until an instant, and is dead at it."""

from datetime import UTC, timedelta

import pytest

from domain.errors import InvalidInput, OfferExpired
from tests.builders import ISTANBUL, an_offer, minutes_later
from tests.fakes.surroundings import NOW


def test_an_offer_is_dead_at_the_instant_its_price_lapses() -> None:
    offer = an_offer()
    assert offer.is_valid(minutes_later(30) - timedelta(microseconds=1))
    assert not offer.is_valid(minutes_later(30))


def test_a_choice_is_picked_by_its_number() -> None:
    assert an_offer().pick(2, NOW, UTC).candidate.room_type == "STDSV"


def test_a_number_that_was_not_offered_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        an_offer().pick(3, NOW, UTC)
    assert refused.value.field == "pick"


def test_a_lapsed_offer_sells_nothing() -> None:
    with pytest.raises(OfferExpired, match="valid until 2027-05-01 12:30; quote again"):
        an_offer().pick(1, minutes_later(30), ISTANBUL)
