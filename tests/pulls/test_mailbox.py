"""A mailbox is read whole, once, in order, and is left as it was."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from integration.adapters.sources.imap import MOST_MAILS, NOT_GIVEN, TRIES_CUT, TRIES_REFUSED, WINDOW
from integration.ports.queue_records import DeliveryState
from integration.usecases.take_in import take_in
from tests.pulls.house import Post, a_post, mail


def with_post(story: Callable[[Post], Awaitable[None]], **how: object) -> None:
    async def run() -> None:
        async with a_post(**how) as post:  # type: ignore[arg-type]
            await story(post)

    asyncio.run(run())


def test_mails_become_cases_once_and_the_mailbox_is_only_looked_at():
    async def story(post: Post) -> None:
        for number in range(3):
            post.folder.add(mail(number))
        assert (await post.house.round()).stored == 3
        assert await post.house.take_in() == 3
        assert len(await post.house.texts()) == 3
        assert await post.house.cursor() == "7:3:0"
        assert (await post.house.round()).stored == 0
        post.folder.add(mail(3))
        assert (await post.house.round()).stored == 1
        assert len(post.house.heard) == 4
        assert set(post.server.spoken) == {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT"}
        (url,) = {one.envelope[":url"] for one in await post.house.stored() if one.body == mail(3)}
        assert url == "imap://127.0.0.1/INBOX;UIDVALIDITY=7/;UID=4"

    with_post(story)


@pytest.mark.parametrize("point", ["batch_fetched", "batch_stored"])
def test_a_process_that_dies_around_storing_neither_loses_nor_doubles(point: str):
    async def story(post: Post) -> None:
        for number in range(120):
            post.folder.add(mail(number))
        await post.house.die(point)
        assert await post.house.cursor() == ("7:50:0" if point == "batch_stored" else None)
        await post.house.round()
        assert await post.house.take_in() == 120
        assert len(await post.house.stored()) == 120

    with_post(story)


def test_a_renumbered_mailbox_is_read_again_and_nobody_has_a_second_case():
    async def story(post: Post) -> None:
        for number in range(5):
            post.folder.add(mail(number))
        post.folder.remove(2)
        await post.house.round()
        assert await post.house.take_in() == 4
        post.folder.renumber()
        post.folder.add(mail(9))
        assert (await post.house.round()).stored == 5
        assert await post.house.take_in() == 1
        assert await post.house.cursor() == "8:5:0"
        assert len(await post.house.texts()) == 5

    with_post(story)


def test_a_connection_that_breaks_in_the_middle_of_a_mail_costs_nothing_but_time():
    async def story(post: Post) -> None:
        for number in range(5):
            post.folder.add(mail(number))
        post.folder.cut_after[3] = 40
        broken = await post.house.round()
        assert (broken.stored, broken.problem) == (2, "line_cut")
        assert await post.house.cursor() == "7:2:1"
        post.folder.cut_after.clear()
        whole = await post.house.round()
        assert (whole.stored, whole.problem) == (3, "")
        assert {one.body for one in await post.house.stored()} == {mail(number) for number in range(5)}

    with_post(story)


@pytest.mark.parametrize(("is_cut", "rounds"), [(True, TRIES_CUT), (False, TRIES_REFUSED)])
def test_a_mail_that_is_never_given_is_put_down_as_unreadable_and_those_behind_it_come(is_cut: bool, rounds: int):
    async def story(post: Post) -> None:
        for number in range(3):
            post.folder.add(mail(number))
        if is_cut:
            post.folder.cut_after[2] = 10
        else:
            post.folder.refused.add(2)
        stored, passed = 0, []
        for _ in range(rounds + 1):
            pulled = await post.house.round()
            stored += pulled.stored
            passed.append(pulled.unreadable)
        assert (stored, sum(passed)) == (3, 1)
        assert passed.index(1) == rounds - 1
        (bad,) = [one for one in await post.house.stored() if one.state is DeliveryState.UNREADABLE]
        assert (bad.body, bad.problem) == (b"", NOT_GIVEN)
        assert bad.envelope[":url"].endswith(";UID=2")
        assert await post.house.take_in() == 2
        assert (await take_in(post.house.desk, bad)).problem == "not_given"
        assert len(await post.house.texts()) == 2

    with_post(story)


def test_a_mail_that_is_deleted_under_our_eyes_is_passed_over():
    async def story(post: Post) -> None:
        for number in range(MOST_MAILS + 3):
            post.folder.add(mail(number))
        now = post.house.desk.clock.now()
        first = await post.source.fetch("", now)
        post.folder.remove(MOST_MAILS + 2)
        second = await post.source.fetch(first.cursor, now)
        assert [one.delivery.body for one in second.bodies] == [mail(MOST_MAILS), mail(MOST_MAILS + 2)]
        assert second.is_last

    with_post(story)


def test_mails_from_before_the_day_and_gaps_in_the_numbers_are_stepped_over():
    async def story(post: Post) -> None:
        post.folder.add(mail(1), date(2019, 7, 1))
        post.folder.skip(WINDOW * 4)
        post.folder.add(mail(2))
        post.folder.skip(WINDOW * 2)
        assert (await post.house.round()).stored == 1
        assert await post.house.cursor() == f"7:{post.folder.next_uid - 1}:0"

    with_post(story)


def test_what_a_server_says_of_other_mails_in_between_is_not_taken_for_a_mail():
    async def story(post: Post) -> None:
        post.folder.chatty = True
        for number in range(4):
            post.folder.add(mail(number))
        await post.house.round()
        assert [one.body for one in await post.house.stored()] == [mail(number) for number in range(4)]

    with_post(story)


def test_an_empty_mailbox_is_no_trouble():
    async def story(post: Post) -> None:
        assert (await post.house.round()).problem == ""

    with_post(story)


def test_a_server_that_does_not_answer_is_hung_up_on():
    async def story(post: Post) -> None:
        post.folder.add(mail(1))
        post.folder.silent.add("UID")
        assert (await post.house.round()).problem == "too_slow"
        post.folder.silent.clear()
        assert (await post.house.round()).stored == 1
        assert post.server.connections == 2

    with_post(story, command_limit_s=0.3)


def test_a_round_that_is_called_off_ends_its_connection():
    async def story(post: Post) -> None:
        post.folder.add(mail(1))
        post.folder.silent.add("UID")
        running = asyncio.ensure_future(post.house.round())
        while "UID SEARCH" not in post.server.spoken:
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        post.folder.silent.clear()
        assert (await post.house.round()).stored == 1

    with_post(story)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"password": "wrong"}, "login_refused"),
        ({"password": 'quote " and \\'}, "login_refused"),
        ({"folder": "Elsewhere"}, "folder_refused"),
        ({"port": 9}, "no_connection"),
    ],
)
def test_what_is_wrong_with_the_way_in_is_told_by_a_code(place: dict[str, object], code: str):
    async def story(post: Post) -> None:
        pulled = await post.house.round()
        assert (pulled.problem, pulled.stored) == (code, 0)

    with_post(story, place=place)


def test_a_password_with_every_kind_of_character_is_told_right():
    async def story(post: Post) -> None:
        post.folder.add(mail(1))
        assert (await post.house.round()).stored == 1

    odd = 'a "quoted" \\ word (and) {3} %*'
    with_post(story, server={"password": odd, "user": "first last@x"}, place={"password": odd, "user": "first last@x"})
