"""Guests with identities; the hotel's terms looked up by code."""

import pytest

from domain.errors import DomainError, InvalidInput, NotFound
from domain.guest import ChannelIdentity, IdentityKind
from domain.hotel import UpsellPer
from tests.builders import a_guest, a_hotel


def test_a_guest_needs_a_surname() -> None:
    with pytest.raises(InvalidInput) as refused:
        a_guest(surname="  ")
    assert refused.value.field == "name"


def test_a_known_identity_is_not_added_twice() -> None:
    guest = a_guest()
    assert guest.known_as(guest.identities[0]) is guest
    profile = ChannelIdentity(IdentityKind.PMS_PROFILE, "501", "BELEK1")
    assert guest.known_as(profile).known_as(profile).identities == (*guest.identities, profile)


def test_a_profile_number_is_known_to_its_own_hotel_only() -> None:
    guest = a_guest().known_as(ChannelIdentity(IdentityKind.PMS_PROFILE, "501", "BELEK1"))
    assert guest.value_of(IdentityKind.PMS_PROFILE, "BELEK1") == "501"
    assert guest.value_of(IdentityKind.PMS_PROFILE, "SIDE1") is None


def test_a_guest_without_given_name_is_called_by_the_surname() -> None:
    assert a_guest(given_name="").full_name == "Yılmaz"


def test_codes_are_found_in_either_case_and_by_the_pms_word() -> None:
    hotel = a_hotel()
    assert hotel.room_type("std").code == "STD"
    assert hotel.rate_plan("uai-flex-tr").code == "UAI-FLEX"


@pytest.mark.parametrize(("ask", "code"), [("room_type", "SUITE"), ("rate_plan", "BB")])
def test_an_unknown_code_is_not_found_and_the_hint_lists_what_there_is(ask: str, code: str) -> None:
    with pytest.raises(NotFound) as missing:
        getattr(a_hotel(), ask)(code)
    assert code in str(missing.value)
    assert "," in missing.value.hint


@pytest.mark.parametrize(
    ("currency", "market", "quoted"),
    [(None, None, "EUR"), (None, "TR", "TRY"), (None, "tr", "TRY"), (None, "DE", "EUR"), ("try", "DE", "TRY")],
)
def test_the_home_market_is_quoted_in_the_home_currency(currency: str | None, market: str | None, quoted: str) -> None:
    assert a_hotel().currency_for(currency, market) == quoted


def test_a_currency_no_plan_is_sold_in_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        a_hotel().currency_for("USD", None)
    assert refused.value.field == "currency"


def test_lost_reasons_and_special_requests_are_the_hotels_own() -> None:
    hotel = a_hotel()
    assert hotel.check_lost_reason("price").pms_code == "PRICE"
    hotel.check_requests(("late_check_in",))
    for check in (lambda: hotel.check_lost_reason("weather"), lambda: hotel.check_requests(("pool_view",))):
        with pytest.raises(InvalidInput):
            check()


def test_every_way_to_charge_an_upsell_has_a_word() -> None:
    assert {per.value for per in UpsellPer} == {"stay", "night", "person", "person_night"}


def _all_below(root: type[DomainError]) -> list[type[DomainError]]:
    return [root, *(found for one in root.__subclasses__() for found in _all_below(one))]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [one.code for one in _all_below(DomainError)]
    assert len(codes) == len(set(codes))


def test_an_error_says_its_sentence_and_keeps_its_parts() -> None:
    error = InvalidInput("A stay has at least {least} night.", least=1, field="nights", hint="--nights")
    assert str(error) == "A stay has at least 1 night."
    assert (error.template, error.params, error.field, error.hint) == (
        "A stay has at least {least} night.",
        {"least": 1},
        "nights",
        "--nights",
    )


def test_an_error_without_parameters_leaves_braces_alone() -> None:
    assert str(InvalidInput("{broken")) == "{broken"
