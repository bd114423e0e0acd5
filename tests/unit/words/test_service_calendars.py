"""Opening hours are laid out for the years somebody asks about, once."""

from datetime import UTC, datetime

import pytest

from domain.errors import NotFound
from domain.hours import business_seconds
from integration.adapters.calendars import ServiceCalendars
from scenarios.loader import load_hotel
from scenarios.service import service_rules

CALENDARS = ServiceCalendars({"BELEK1": service_rules(load_hotel("belek-resort"))})
SINCE, NOW = datetime(2026, 12, 31, 22, tzinfo=UTC), datetime(2027, 1, 1, 8, tzinfo=UTC)


def test_hours_reach_a_year_beyond_what_is_asked():
    spans = CALENDARS.policy("BELEK1", SINCE, NOW).spans("phone")
    assert spans.first_s < datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    assert spans.until_s > datetime(2028, 12, 31, tzinfo=UTC).timestamp()
    assert business_seconds(SINCE.timestamp(), NOW.timestamp(), spans) == 3 * 3600


def test_the_same_years_are_laid_out_once():
    assert CALENDARS.policy("BELEK1", SINCE, NOW) is CALENDARS.policy("BELEK1", SINCE, NOW)


def test_an_unknown_hotel_is_not_found():
    with pytest.raises(NotFound):
        CALENDARS.policy("NOWHERE", SINCE, NOW)
