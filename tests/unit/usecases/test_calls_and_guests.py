"""Calls end with a result; guests are known by every spelling of their number."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from domain.case import CallEnd, CallOutcome, CaseKind, CaseStatus, LeadStatus
from domain.errors import CallClosed, DomainError, InvalidInput, OutcomeMissing
from domain.guest import Stay
from integration.errors import PmsUnavailable
from integration.ports.pms import ProfileDraft
from integration.usecases.recognise_guest import GuestQuestion, find_guests
from integration.usecases.reveal_guest import reveal_guest
from integration.usecases.take_calls import CallStart, end_call, start_call
from integration.usecases.views import guest_body
from integration.usecases.write_guest import GuestCard, create_guest
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import AGENT, CALLER, CHIEF, booked, quoted

SPELLINGS = ("0532 111 22 33", "+90 532 111 22 33", "0090 532 1112233", "532.111.22.33", "(0532) 111-2233")


def know(office: Office, phone: str, given: str = "Ayşe", surname: str = "Yılmaz", number: str = "9001") -> None:
    """A guest the PMS knows."""
    draft = ProfileDraft(given, surname, "tr", "TR", phone, None, "")
    office.pms.house(office.hotel).write_profile(number, draft)


def test_every_spelling_of_a_number_finds_the_same_guest() -> None:
    office = an_office()
    know(office, "+905321112233")

    async def scene() -> set[str]:
        found = [await find_guests(office.desk, AGENT, office.hotel, GuestQuestion(phone=one)) for one in SPELLINGS]
        return {guest.guest_id for guests in found for guest in guests}

    assert len(asyncio.run(scene())) == 1


def test_a_known_caller_pops_up_and_a_booking_needs_no_name() -> None:
    office = an_office()
    know(office, "+905321112233")

    async def scene() -> None:
        call, card = await start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0]))
        assert card.guest is not None
        assert card.guest.full_name == "Ayşe Yılmaz"
        body = (await booked(office, card=None)).body
        assert (body["guest_id"], body["call_id"], body["case_id"]) == (card.guest.guest_id, call.call_id, call.case_id)

    asyncio.run(scene())
    assert office.pms.count("create_profile") == 0


def test_two_guests_on_one_number_are_shown_to_choose_from() -> None:
    office = an_office()
    know(office, "+905321112233")
    know(office, "+905321112233", "Mehmet", "Demir", "9002")
    _, card = asyncio.run(start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0])))
    assert card.guest is None
    assert len(card.candidates) == 2


def test_a_pms_that_is_down_does_not_keep_a_call_from_starting() -> None:
    office = an_office()
    office.pms.fail_next("find_profiles", PmsUnavailable("down"))
    call, card = asyncio.run(start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0])))
    assert call.is_open
    assert card.guest is None


@pytest.mark.parametrize("typed", ["abc", "", "12", "+90 12", "05321112233445566"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    office = an_office()
    with pytest.raises(InvalidInput):
        asyncio.run(find_guests(office.desk, AGENT, office.hotel, GuestQuestion(phone=typed)))


def test_a_guest_created_in_a_call_is_the_caller() -> None:
    office = an_office()

    async def scene() -> None:
        call, _ = await start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0]))
        guest = await create_guest(office.desk, AGENT, office.hotel, CALLER)
        known = await office.desk.store.read(lambda tx: tx.get_call(call.call_id))
        assert known is not None
        assert known.guest_id == guest.guest_id

    asyncio.run(scene())


def test_the_same_number_with_another_name_is_another_guest_and_with_the_same_name_the_same() -> None:
    office = an_office()

    async def scene() -> None:
        first = await create_guest(office.desk, AGENT, office.hotel, CALLER)
        again = await create_guest(office.desk, AGENT, office.hotel, GuestCard("AYSE YILMAZ", SPELLINGS[1]))
        other = await create_guest(office.desk, AGENT, office.hotel, GuestCard("Mehmet Demir", SPELLINGS[1]))
        assert first.guest_id == again.guest_id != other.guest_id

    asyncio.run(scene())
    assert office.pms.count("create_profile") == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: CallEnd(CallOutcome.NOT_SOLD),
        lambda: CallEnd(CallOutcome.FOLLOW_UP),
        lambda: CallEnd(CallOutcome.SOLD, lost_reason="price"),
    ],
)
def test_half_a_result_is_refused(make) -> None:
    with pytest.raises(OutcomeMissing):
        make()


def test_a_call_cannot_end_as_sold_without_a_reservation_nor_twice() -> None:
    office = an_office()

    async def scene() -> None:
        call, _ = await start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0]))
        with pytest.raises(OutcomeMissing):
            await end_call(office.desk, AGENT, call.call_id, CallEnd(CallOutcome.SOLD))
        await booked(office)
        _, case = await end_call(office.desk, AGENT, call.call_id, CallEnd(CallOutcome.SOLD))
        assert case.lead_status is LeadStatus.WON
        with pytest.raises(CallClosed):
            await end_call(office.desk, AGENT, call.call_id, CallEnd(CallOutcome.SERVICE))

    asyncio.run(scene())


def test_a_lost_call_tells_the_pms_a_turnaway_with_its_code() -> None:
    office = an_office()
    reason = next(iter(office.hotel.lost_reasons.values()))

    async def scene() -> None:
        await start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0]))
        await quoted(office)
        _, case = await end_call(office.desk, AGENT, None, CallEnd(CallOutcome.NOT_SOLD, reason.code))
        assert (case.lead_status, case.lost_reason) == (LeadStatus.LOST, reason.code)

    asyncio.run(scene())
    assert (office.pms.count("log_call"), office.pms.count("log_turnaway")) == (1, 1)


def test_a_pms_that_is_down_at_the_end_of_a_call_costs_only_the_log_line() -> None:
    office = an_office()
    office.pms.fail_next("log_call", PmsUnavailable("down"))

    async def scene() -> None:
        await start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0]))
        _, case = await end_call(office.desk, AGENT, None, CallEnd(CallOutcome.SERVICE))
        assert (case.kind, case.status) == (CaseKind.SUPPORT, CaseStatus.RESOLVED)
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(5))
        assert "call_log_lost" in rows[-1]

    asyncio.run(scene())


@pytest.mark.parametrize(
    "end",
    [
        CallEnd(CallOutcome.NOT_SOLD, "because"),
        CallEnd(CallOutcome.FOLLOW_UP, due_on=date(2027, 4, 30)),
    ],
)
def test_an_unknown_reason_and_a_day_in_the_past_are_refused_and_the_call_stays_open(end: CallEnd) -> None:
    office = an_office()

    async def scene() -> None:
        call, _ = await start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0]))
        with pytest.raises(DomainError):
            await end_call(office.desk, AGENT, None, end)
        known = await office.desk.store.read(lambda tx: tx.get_call(call.call_id))
        assert known is not None
        assert known.is_open

    asyncio.run(scene())


def test_an_operator_sees_masks_until_a_reasoned_reveal_that_leaves_a_trace() -> None:
    office = an_office()

    async def scene() -> None:
        guest = await create_guest(office.desk, AGENT, office.hotel, CALLER)
        masked = guest_body(guest, AGENT)
        assert masked is not None
        assert "Yılmaz" not in str(masked)
        assert "1112233" not in str(masked)
        clear = guest_body(guest, CHIEF)
        assert clear is not None
        assert clear["name"] == "Ayşe Yılmaz"
        with pytest.raises(InvalidInput):
            await reveal_guest(office.desk, AGENT, guest.guest_id, " ")
        seen = guest_body(await reveal_guest(office.desk, AGENT, guest.guest_id, "to call back"), AGENT, revealed=True)
        assert seen is not None
        assert seen["name"] == "Ayşe Yılmaz"
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(1))
        assert "guest_revealed" in rows[0]

    asyncio.run(scene())


def test_a_guest_who_has_stayed_before_is_a_repeat_guest_in_our_words() -> None:
    office = an_office()
    know(office, "+905321112233")
    house = office.pms.house(office.hotel)
    stays = tuple(
        Stay(str(number), "BELEK1", date(2026, 7, 1), date(2026, 7, 8), status, "STD", "UAI-FLEX", None)
        for number, status in enumerate(("CheckedOut", "Cancelled", "Reserved"))
    )
    house.profiles["9001"] = replace(house.profiles["9001"], stays=stays)
    _, card = asyncio.run(start_call(office.desk, AGENT, CallStart(phone=SPELLINGS[0])))
    assert (card.is_repeat, [stay.status for stay in card.stays]) == (True, ["checked_out", "cancelled", "reserved"])


@pytest.mark.parametrize(
    ("typed", "surname"),
    [
        ("Егорова", "Egorova"),
        ("Егор", "Egorova"),
        ("Jüttner", "Juettner"),
        ("Yılmaz", "Yilmaz"),
        ("Ayşe Yılmaz", "Yilmaz"),
        ("van der Böll", "van der Boell"),
    ],
)
def test_a_name_is_found_in_the_pms_however_it_is_written_there(typed: str, surname: str) -> None:
    office = an_office()
    know(office, "+905321112233", "Ayse", surname)
    found = asyncio.run(find_guests(office.desk, AGENT, office.hotel, GuestQuestion(name=typed)))
    assert [guest.surname for guest in found] == [surname]


def test_another_spelling_brings_nobody_of_another_name() -> None:
    office = an_office()
    know(office, "+905321112233", "Ayse", "Baur")
    assert asyncio.run(find_guests(office.desk, AGENT, office.hotel, GuestQuestion(name="Bauer"))) == []


@pytest.mark.parametrize("typed", ["Jürgen Müller", "Александра Щербакова", "Demir", "Ñandú Åse Schröder"])
def test_at_most_three_other_spellings_are_asked_for(typed: str) -> None:
    office = an_office()
    asyncio.run(find_guests(office.desk, AGENT, office.hotel, GuestQuestion(name=typed)))
    assert 1 <= office.pms.count("find_profiles") <= 4
