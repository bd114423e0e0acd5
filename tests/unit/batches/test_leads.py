"""Leads in and out: every row brings one lead, is refused alone, and comes back the same from an empty home."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.case import Case, LeadStatus
from domain.errors import Forbidden, InvalidInput, Refused
from integration.errors import StoreUnavailable
from integration.ports.batches import BatchKind, BatchRow, RowStatus
from integration.ports.queue_records import CaseWish
from integration.usecases.export_leads import EXPORTED, Row
from integration.usecases.lead_close import lose_lead, start_lead
from integration.usecases.lead_rows import COLUMNS
from integration.usecases.list_cases import show_case
from tests.builders import an_actor
from tests.fakes.desk import Office, an_office
from tests.unit.batches.leads import HEADER, a_lead, leads_in, leads_out
from tests.unit.usecases.selling import ADMIN, AGENT

OK, FAILED, SKIPPED = RowStatus.OK, RowStatus.FAILED, RowStatus.SKIPPED


def play(story: Callable[[Office], Awaitable[None]]) -> None:
    """Run a story in an office of its own."""

    async def run() -> None:
        await story(an_office())

    asyncio.run(run())


def statuses(rows: list[BatchRow]) -> list[RowStatus]:
    return [row.status for row in rows]


async def cases(office: Office) -> list[Case]:
    return await office.desk.store.read(lambda tx: tx.list_cases(CaseWish(hotel_id="BELEK1"), 1000))


async def contacts(office: Office, case_id: str | None) -> list[Any]:
    found = await show_case(office.desk, ADMIN, str(case_id))
    return list(found["contacts"])


def test_each_row_is_one_new_lead_with_its_words_days_party_and_source() -> None:
    async def story(office: Office) -> None:
        run, told = await leads_in(office, [a_lead(0), a_lead(1, channel="WhatsApp", source=None, check_in=None)])
        assert (statuses(told), [row.line for row in told]) == ([OK, OK], [2, 3])
        assert run.batch is not None
        assert (run.batch.kind, run.batch.ok, run.batch.finished_at is not None) == (BatchKind.LEADS, 2, True)
        assert {one.channel for one in await cases(office)} == {"web_form", "whatsapp"}
        assert {str(one.lead_status) for one in await cases(office)} == {"open"}
        (contact,) = await contacts(office, told[0].made)
        assert contact["text"] == "A quiet family room, please."
        assert contact["wants"] == {
            "check_in": "2027-07-10", "nights": 7, "adults": 2, "child_ages": [7, 3], "source": "ITB 2027",
        }  # fmt: skip
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key("BELEK1", ADMIN.name, told[0].request_key))
        assert intent is not None
        assert intent.batch_id == run.batch.batch_id

    play(story)


def test_the_same_file_again_brings_no_second_lead_and_names_what_is_there() -> None:
    async def story(office: Office) -> None:
        _, first = await leads_in(office, [a_lead(0), a_lead(1)])
        office.clock.advance(days=40)
        _, again = await leads_in(office, [a_lead(1), a_lead(0)])
        assert statuses(again) == [SKIPPED, SKIPPED]
        assert {row.made for row in again} == {row.made for row in first}
        assert len(await cases(office)) == 2
        assert len(await contacts(office, first[0].made)) == 1

    play(story)


def test_other_spellings_of_a_row_are_the_same_lead() -> None:
    async def story(office: Office) -> None:
        await leads_in(office, [a_lead(0)])
        other = a_lead(
            0, phone="0049 151 230-00000", name="ANNA SCHMIDTA", check_in="10.07.2027", nights="7,0",
            child_ages="3, 7", source="itb  2027", channel="Web Formu",
        )  # fmt: skip
        _, told = await leads_in(office, [other])
        assert told[0].code in {"there_already", "key_reused"}
        assert len(await cases(office)) == 1

    play(story)


def test_a_note_put_right_is_refused_because_the_lead_is_here_already() -> None:
    async def story(office: Office) -> None:
        _, first = await leads_in(office, [a_lead(0)])
        _, told = await leads_in(office, [a_lead(0, note="Another note")])
        assert [(row.status, row.code) for row in told] == [(FAILED, "key_reused")]
        assert len(await contacts(office, first[0].made)) == 1

    play(story)


def test_one_bad_row_never_loses_a_good_one_and_says_why_without_what_was_typed() -> None:
    async def story(office: Office) -> None:
        bad: list[dict[str, Any]] = [
            {"phone": "abc"}, {"phone": None},
            {"channel": "pigeon"}, {"channel": "payment"}, {"check_in": "08/03/2027"},
            {"nights": 0}, {"adults": "two"}, {"child_ages": "7;19"}, {"name": None}, {"email": "nobody"},
            {"note": "x" * 2001}, {"source": "y" * 81},
        ]  # fmt: skip
        rows = [a_lead(0)] + [a_lead(number, **over) for number, over in enumerate(bad, 1)] + [a_lead(20)]
        run, told = await leads_in(office, rows)
        assert statuses(told) == [OK, *([FAILED] * len(bad)), OK]
        assert all(row.reason and row.code == "invalid_input" for row in told[1:-1])
        assert not any(word in row.reason for row in told for word in ("abc", "nobody", "xxx"))
        assert run.tally.failed == len(bad)
        assert len(await cases(office)) == 2

    play(story)


def test_only_new_leads_come_in() -> None:
    async def story(office: Office) -> None:
        header = (*HEADER, "status")
        words = ("", "new", "Yeni", "open", "AÇIK", "in_progress", "won", "kaybedildi", "perhaps")
        rows = [(*a_lead(number), word) for number, word in enumerate(words)]
        _, told = await leads_in(office, rows, header=header)
        assert statuses(told) == [OK] * 5 + [FAILED] * 4
        assert [row.code for row in told[5:]] == ["refused", "refused", "refused", "invalid_input"]

    play(story)


def test_guests_who_are_known_keep_their_open_case() -> None:
    async def story(office: Office) -> None:
        _, first = await leads_in(office, [a_lead(0)])
        _, again = await leads_in(office, [a_lead(0, check_in="2027-08-01", note="Or in August")])
        assert (again[0].status, again[0].made) == (OK, first[0].made)
        assert [one["text"] for one in await contacts(office, first[0].made)][1] == "Or in August"
        (row,) = await leads_out(office)
        assert (row["check_in"], row["note"]) == ("2027-08-01", "A quiet family room, please.")

    play(story)


def test_a_dry_run_says_what_would_happen_and_writes_nothing() -> None:
    async def story(office: Office) -> None:
        await leads_in(office, [a_lead(0)])
        before = await office.desk.store.read(lambda tx: tx.export_audit_head())
        run, told = await leads_in(office, [a_lead(0), a_lead(1), a_lead(2, name=None)], dry_run=True)
        assert (statuses(told), run.batch) == ([SKIPPED, OK, FAILED], None)
        assert await office.desk.store.read(lambda tx: tx.export_audit_head()) == before

    play(story)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("end", [StoreUnavailable("The store cannot be used."), Killed()])
def test_a_run_that_stopped_goes_on_with_the_same_file(end: BaseException) -> None:
    async def story(office: Office) -> None:
        rows = [a_lead(number) for number in range(8)]
        calls = 0

        def stop(point: str) -> None:
            nonlocal calls
            calls += point == "intent_stored"
            if calls == 4:
                raise end

        object.__setattr__(office.desk, "point", stop)
        with pytest.raises(type(end)):
            await leads_in(office, rows, jobs=1)
        object.__setattr__(office.desk, "point", lambda _name: None)
        run, told = await leads_in(office, rows, jobs=1)
        assert run.is_resumed
        assert statuses(told) == [OK] * 8
        assert len(await cases(office)) == 8
        assert run.batch is not None
        assert (run.batch.ok, run.batch.failed) == (8, 0)

    play(story)


def test_a_file_of_somebody_else_is_refused_and_an_operator_brings_nothing_in() -> None:
    async def story(office: Office) -> None:
        await leads_in(office, [a_lead(0)])
        other = an_actor(ADMIN.role, "other")
        with pytest.raises(Refused, match="was brought in by"):
            await leads_in(office, [a_lead(0)], actor=other)
        with pytest.raises(Forbidden):
            await leads_in(office, [a_lead(1)], actor=AGENT)

    play(story)


@pytest.mark.parametrize("header", [("name",), ("phone",), (*HEADER, "colour"), (*HEADER, "telefon")])
def test_a_sheet_that_cannot_be_used_is_refused_before_anything_is_written(header: tuple[str, ...]) -> None:
    async def story(office: Office) -> None:
        with pytest.raises(InvalidInput):
            await leads_in(office, [], header=header)

    play(story)


def test_turkish_headers_and_cells_are_read() -> None:
    async def story(office: Office) -> None:
        header = ("Kanal", "Ad Soyad", "Cep Telefonu", "E-posta", "Dil", "Uyruk", "Kaynak", "GİRİŞ TARİHİ",
                  "Çıkış Tarihi", "Yetişkin", "Çocuk Yaşları", "Oda Sayısı", "Not")  # fmt: skip
        cells = ("Telefon", "Ayşe Yılmaz", "0532 111 22 33", "ayse@example.com", "tr", "TR", "EMITT fuarı",
                 "10.07.2027", "17.07.2027", "2", "7;3", 2, "Denize yakın olsun")  # fmt: skip
        _, told = await leads_in(office, [cells], header=header)
        assert statuses(told) == [OK]
        (row,) = await leads_out(office)
        assert (row["channel"], row["name"], row["phone"]) == ("phone", "Ayşe Yılmaz", "+905321112233")
        assert (row["check_in"], row["nights"], row["rooms"], row["source"]) == ("2027-07-10", "7", "2", "EMITT fuarı")

    play(story)


def test_what_is_written_out_comes_into_an_empty_home_as_the_same_leads_and_is_skipped_by_its_own() -> None:
    async def story(office: Office) -> None:
        rows = [
            a_lead(0),
            a_lead(1, channel="partner", email="b@example.com", source=None, child_ages=None, note="=SUM(A1)\n+ 'x'"),
            a_lead(2, phone=None, email="c@example.com", check_in=None, nights=None, adults=None, child_ages=None),
            a_lead(3, channel="phone", note=None, name="Иван Петров", phone="+79161234567"),
        ]
        await leads_in(office, rows)
        out = await leads_out(office)
        assert len(out) == 4
        cells = [tuple(row[name] for name in EXPORTED) for row in out]
        _, own = await leads_in(office, cells, header=EXPORTED)
        assert statuses(own) == [SKIPPED] * 4
        empty = an_office()
        elsewhere = [(f"cas_of_elsewhere_{number}", *row[1:]) for number, row in enumerate(cells)]
        _, told = await leads_in(empty, elsewhere, header=EXPORTED)
        assert statuses(told) == [OK] * 4, told
        again = await leads_out(empty)

        def kept(found: list[Row]) -> list[Row]:
            return sorted(({**row, "lead_id": ""} for row in found), key=lambda row: row["name"])

        assert kept(again) == kept(out)

    play(story)


def test_its_columns_are_columns_of_the_import() -> None:
    assert set(EXPORTED) <= set(COLUMNS)


def test_an_export_goes_over_pages_is_chosen_like_the_list_and_leaves_a_trace() -> None:
    async def story(office: Office) -> None:
        _, told = await leads_in(office, [a_lead(number) for number in range(230)])
        assert len({row["lead_id"] for row in await leads_out(office)}) == 230
        tail = await office.desk.store.read(lambda tx: tx.tail_audit(1))
        assert "leads_exported" in tail[0]
        await start_lead(office.desk, AGENT, str(told[0].made), "k1")
        await lose_lead(office.desk, AGENT, str(told[1].made), "k2", "price")
        (mine,) = await leads_out(office, assignee=AGENT.name)
        assert (mine["lead_id"], mine["status"]) == (told[0].made, "in_progress")
        (lost,) = await leads_out(office, lead=LeadStatus.LOST)
        assert (lost["lost_reason"], lost["assignee"]) == ("price", "")

    play(story)


def test_guests_are_masked_for_an_operator() -> None:
    async def story(office: Office) -> None:
        await leads_in(office, [a_lead(0, email="anna@example.com")])
        (row,) = await leads_out(office, AGENT)
        assert (row["name"], row["phone"], row["email"]) == ("A*** S***", "+49 1** *** ** 00", "a***@e***.com")

    play(story)
