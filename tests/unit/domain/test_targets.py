"""Targets as data: docs/algorithms/sla-clocks.md, chapter 4."""

import pytest

from domain.sla import HOUR_S, TargetBook, TargetRow, Targets

USUAL = TargetBook()
GENERAL = TargetRow(first_response_s=120, resolution_s=3600)


@pytest.mark.parametrize("channel", ["whatsapp", "web_chat", "instagram", "sms", "web_form"])
def test_digital_channels_answer_within_two_minutes(channel: str):
    assert USUAL.targets(channel, (), 0) == Targets(120, 120, HOUR_S)


def test_mail_and_ota_are_the_named_exceptions():
    assert USUAL.targets("email", (), 0).first_response_s == 4 * HOUR_S
    assert USUAL.targets("ota", (), 0).first_response_s == 12 * HOUR_S
    assert USUAL.targets("phone", (), 0).first_response_s == 20


def test_the_nearest_row_decides_each_target_by_itself():
    book = TargetBook(
        (
            GENERAL,
            TargetRow("email", first_response_s=4000, resolution_s=9000),
            TargetRow(None, "vip", first_response_s=60),
            TargetRow("email", "vip", first_response_s=600),
        )
    )
    assert book.targets("email", ("vip",), 0) == Targets(600, 600, 9000)
    assert book.targets("whatsapp", ("vip",), 0) == Targets(60, 60, 3600)
    assert book.targets("email", ("support",), 0) == Targets(4000, 4000, 9000)


def test_among_several_tags_the_strictest_counts():
    book = TargetBook((GENERAL, TargetRow(None, "vip", 60), TargetRow(None, "support", 300)))
    assert book.targets("whatsapp", ("support", "vip"), 0).first_response_s == 60


def test_a_later_row_replaces_the_earlier_one_from_its_day_on():
    book = TargetBook((GENERAL, TargetRow("ota", None, 500), TargetRow("ota", None, 400, effective_from_s=100)))
    assert book.targets("ota", (), 99).first_response_s == 500
    assert book.targets("ota", (), 100).first_response_s == 400


def test_the_next_response_has_the_time_of_the_first_unless_said_otherwise():
    book = TargetBook((GENERAL, TargetRow("whatsapp", next_response_s=300)))
    assert book.targets("whatsapp", (), 0).next_response_s == 300
    assert book.targets("instagram", (), 0).next_response_s == 120


@pytest.mark.parametrize("rows", [(), (TargetRow("phone", None, 20, None, 60),), (TargetRow(None, None, 120),)])
def test_a_book_must_know_an_answer_for_everything(rows: tuple[TargetRow, ...]):
    with pytest.raises(ValueError, match="any channel"):
        TargetBook(rows)
