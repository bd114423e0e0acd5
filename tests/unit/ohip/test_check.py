"""The hotel file is held against the PMS before anything is sold."""

import asyncio
from dataclasses import replace

import pytest

from domain.hotel import CancelReason, HotelTerms
from domain.reservation import Guarantee, ReservationState
from integration.adapters.ohip.check import check_mapping, gaps, guarantee_faults
from integration.errors import ConfigurationError
from integration.ports.pms import GuaranteeType
from tests.builders import ARRIVAL, a_hotel, pms_terms
from tests.unit.ohip.scripted import a_reply, a_rig

CODES = ("HOLD", "OPT", "PAID", "CARD", "AGENCY", "COMPANY")


def in_pms(codes: tuple[str, ...] = CODES, tentative: tuple[str, ...] = ()) -> tuple[GuaranteeType, ...]:
    return tuple(GuaranteeType(code, deducts=code not in tentative, on_hold=False) for code in codes)


def with_codes(hotel: HotelTerms, **codes: str) -> HotelTerms:
    table = dict(hotel.pms.guarantee_codes)
    for name, code in codes.items():
        table[ReservationState(name) if name in {"hold", "option"} else Guarantee(name)] = code
    return replace(hotel, pms=replace(hotel.pms, guarantee_codes=table))


def test_a_complete_file_and_a_pms_that_has_its_codes_fit() -> None:
    assert gaps(a_hotel()) == []
    assert guarantee_faults(a_hotel(), in_pms()) == []


def test_a_code_the_pms_does_not_have_is_named() -> None:
    assert guarantee_faults(a_hotel(), in_pms(CODES[1:])) == ["the PMS has no guarantee HOLD (hold)"]


def test_a_hold_that_takes_no_room_is_no_hold() -> None:
    assert guarantee_faults(a_hotel(), in_pms(tentative=("HOLD",))) == [
        "guarantee HOLD (hold) takes no room out of stock"
    ]


def test_a_guarantee_with_the_code_of_an_option_could_not_be_told_from_it() -> None:
    assert gaps(with_codes(a_hotel(), card="OPT")) == ["card has the guarantee code of a hold or an option"]


def test_a_missing_code_is_named() -> None:
    hotel = a_hotel(pms=pms_terms(cancel_codes={}, guarantee_codes={}, states={}))
    faults = gaps(hotel)
    assert len(faults) == 2 + len(Guarantee) + len(CancelReason) + 4
    assert "no guarantee code for hold" in faults
    assert "no cancellation code for hold_expired" in faults
    assert "Cancelled must be read as cancelled" in faults


def test_what_does_not_fit_stops_the_start_with_one_sentence() -> None:
    rig = a_rig(
        a_reply(200, {"resGuarantees": [{"guaranteeCode": code, "reserveInventory": True} for code in CODES[:-1]]})
    )
    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(check_mapping(rig.pms, rig.hotel, ARRIVAL))
    assert str(caught.value) == (
        "The status mapping of BELEK1 does not fit its PMS: the PMS has no guarantee COMPANY (company)."
    )


def test_a_pms_that_fits_lets_the_start_go_on() -> None:
    rig = a_rig(a_reply(200, {"resGuarantees": [{"guaranteeCode": code, "reserveInventory": True} for code in CODES]}))
    asyncio.run(check_mapping(rig.pms, rig.hotel, ARRIVAL))
