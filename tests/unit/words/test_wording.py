"""Sentences for people: whole, filled and natural in every language."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from domain.availability import Alert, AlertCode, AlertLevel
from domain.case import CallOutcome
from domain.hotel import ScriptLine
from domain.rates import Board, CancellationTerms, PenaltyBasis
from domain.reservation import ReservationState
from integration.adapters.phrases import CataloguePhrases
from integration.usecases.wording import (
    alert_text,
    board_label,
    cancellation_sentence,
    fill_script,
    label,
    state_label,
)
from tests.builders import ISTANBUL, a_stay, flexible_terms, night_prices, strict_terms
from tests.fakes.surroundings import FakePhrases

PHRASES = CataloguePhrases()
LANGUAGES = ["tr", "en", "de", "ru"]
TODAY = date(2027, 5, 1)
DETAILS: tuple[tuple[str, str | int], ...] = (
    ("start", "2027-07-10"),
    ("end", "2027-07-12"),
    ("expires", "2027-07-01T10:00:00Z"),
)


def said(terms: CancellationTerms, language: str = "en", today: date = TODAY, nights: int = 7) -> str:
    stay = a_stay(nights=nights)
    return cancellation_sentence(PHRASES, language, terms, stay, night_prices(stay), today)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (
            flexible_terms(no_show_percent=Decimal(0)),
            "You can cancel free of charge up to and including 7 July 2027; after that we charge the first night"
            " (€200.00).",
        ),
        (
            flexible_terms(penalty_value=Decimal(2)),
            "You can cancel free of charge up to and including 7 July 2027; after that we charge the first 2 nights"
            " (€400.00), and if you do not arrive, the whole stay (€1,400.00).",
        ),
        (
            flexible_terms(penalty_basis=PenaltyBasis.PERCENT, penalty_value=Decimal("50.0")),
            "You can cancel free of charge up to and including 7 July 2027; after that we charge 50% of the price"
            " (€700.00), and if you do not arrive, the whole stay (€1,400.00).",
        ),
        (
            flexible_terms(penalty_basis=PenaltyBasis.PERCENT, penalty_value=Decimal(100)),
            "You can cancel free of charge up to and including 7 July 2027; after that we charge the whole stay"
            " (€1,400.00).",
        ),
        (
            flexible_terms(penalty_value=Decimal(14)),
            "You can cancel free of charge up to and including 7 July 2027; after that we charge the whole stay"
            " (€1,400.00).",
        ),
        (
            strict_terms(),
            "This rate cannot be cancelled free of charge: if you cancel, we charge the whole stay (€1,400.00).",
        ),
        (
            flexible_terms(free_until_days=None),
            "This rate cannot be cancelled free of charge: if you cancel, we charge the first night (€200.00);"
            " if you do not arrive, the whole stay (€1,400.00).",
        ),
        (
            flexible_terms(penalty_value=Decimal(0), no_show_percent=Decimal(0)),
            "You can cancel free of charge at any time before arrival.",
        ),
        (
            flexible_terms(penalty_value=Decimal(0)),
            "You can cancel free of charge at any time before arrival; if you do not arrive, we charge the whole stay"
            " (€1,400.00).",
        ),
    ],
)
def test_cancellation_terms_are_one_sentence_with_their_amounts(terms: CancellationTerms, sentence: str) -> None:
    """selling.md 6."""
    assert said(terms) == sentence


@pytest.mark.parametrize(("today", "is_over"), [(date(2027, 7, 7), False), (date(2027, 7, 8), True)])
def test_the_sentence_turns_on_the_day_after_the_last_free_one(today: date, is_over: bool) -> None:
    assert said(flexible_terms(), today=today).startswith("Free cancellation is no longer possible") is is_over


def test_one_night_of_a_stay_of_one_night_is_the_whole_stay() -> None:
    assert said(flexible_terms(), nights=1).endswith("we charge the whole stay (€200.00).")


def test_the_amount_in_the_sentence_is_the_amount_that_is_charged() -> None:
    terms, stay = flexible_terms(penalty_basis=PenaltyBasis.PERCENT, penalty_value=Decimal("33.3")), a_stay()
    prices = tuple(one.price for one in night_prices(stay))
    charged = terms.penalty(prices, stay.check_in, stay.check_in)
    assert PHRASES.money("en", charged) in said(terms)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "tr",
            "7 Temmuz 2027 tarihine kadar (bu tarih dâhil) ücretsiz iptal edebilirsiniz; sonrasında ilk 3 gecenin"
            " ücreti (€600,00) tahsil edilir.",
        ),
        (
            "de",
            "Sie können bis einschließlich 7. Juli 2027 kostenlos stornieren; danach berechnen wir die ersten"
            " 3 Nächte (600,00\u00a0€).",
        ),
        (
            "ru",
            "Бесплатная отмена возможна до 7 июля 2027\u202fг. включительно; после этой даты удерживается стоимость"
            " первых 3 ночей (600,00\u00a0€).",
        ),
    ],
)
def test_the_guest_hears_the_terms_in_his_own_language(language: str, sentence: str) -> None:
    assert said(flexible_terms(penalty_value=Decimal(3), no_show_percent=Decimal(0)), language) == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shape_of_terms_is_one_filled_sentence_in_every_language(language: str) -> None:
    for free, basis, value, absent in product((None, 0, 3), PenaltyBasis, (0, 1, 2, 5, 100), (0, 50, 100)):
        sentence = said(CancellationTerms(free, basis, Decimal(value), Decimal(absent)), language)
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "  " not in sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(AlertCode))
def test_every_alert_is_a_filled_sentence_whatever_it_knows(language: str, code: AlertCode) -> None:
    one_day = (("start", "2027-07-10"), ("end", "2027-07-10"))
    numbers: list[tuple[tuple[str, str | int], ...]] = [(), (("unit", 5),), (("left", 1),)]
    for details, number in product(((), DETAILS[:2], DETAILS[2:], one_day), numbers):
        text = alert_text(PHRASES, language, Alert(AlertLevel.RED, code, (*details, *number)), ISTANBUL)
        assert text.endswith(".")
        assert "{" not in text


@pytest.mark.parametrize(
    ("details", "text"),
    [
        (DETAILS[:2], "Sales are closed from 10 July 2027 to 12 July 2027."),
        ((("start", "2027-07-10"), ("end", "2027-07-10")), "Sales are closed on 10 July 2027."),
        ((), "Sales are closed."),
    ],
)
def test_an_alert_tells_as_much_as_it_knows(details: tuple[tuple[str, str | int], ...], text: str) -> None:
    assert alert_text(PHRASES, "en", Alert(AlertLevel.RED, AlertCode.STOP_SALE, details)) == text


def test_the_end_of_a_hold_is_told_in_the_hotels_time() -> None:
    alert = Alert(AlertLevel.YELLOW, AlertCode.HELD, DETAILS[2:])
    assert "13:00" in alert_text(PHRASES, "en", alert, ISTANBUL)


@pytest.mark.parametrize(
    ("left", "text"), [(1, "Остался всего 1 номер."), (3, "Осталось всего 3 номера."), (5, "Осталось всего 5 номеров.")]
)
def test_few_left_counts_as_russian_does(left: int, text: str) -> None:
    assert alert_text(PHRASES, "ru", Alert(AlertLevel.YELLOW, AlertCode.FEW_LEFT, (("left", left),))) == text


LINES = (
    ScriptLine("offer", "en", "{nights} nights in the {room_type}: {total}."),
    ScriptLine("package", "en", "With {package}."),
    ScriptLine("offer", "tr", "{room_type}: {total}."),
)


def test_the_hotels_own_line_is_said_first_and_filled() -> None:
    values = {"room_type": "Family Room", "total": night_prices()[0].price, "nights": 7}
    assert fill_script(PHRASES, "tr", LINES, values) == ("Family Room: €200,00.",)
    assert fill_script(PHRASES, "de", LINES, values) == ("7 nights in the Family Room: 200,00\u00a0€.",)


def test_a_line_that_lacks_a_value_is_left_out() -> None:
    assert fill_script(PHRASES, "en", LINES, {"package": None}, ("package", "offer")) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hotel_without_script_speaks_the_houses_lines(language: str) -> None:
    values = {"hotel": "H", "agent_name": "A", "valid_until": TODAY}
    lines = fill_script(PHRASES, language, (), values, ("greeting", "close"))
    assert len(lines) == 2
    assert all("{" not in line for line in lines)


@pytest.mark.parametrize("text", ["{total.amount}", "{values[0]}", "{", "{}", "{0}"])
def test_a_line_that_reaches_for_more_than_a_name_is_left_out(text: str) -> None:
    values = {"total": night_prices()[0].price, "values": "x"}
    assert fill_script(PHRASES, "en", (ScriptLine("offer", "en", text),), values) == ()


def test_values_are_never_read_as_templates() -> None:
    line = replace(LINES[2], language="en")
    assert fill_script(PHRASES, "en", (line,), {"room_type": "{total}", "total": "{x}"}) == ("{total}: {x}.",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_board_has_a_name_of_its_own(language: str) -> None:
    states = [state_label(PHRASES, language, state) for state in ReservationState]
    boards = [board_label(PHRASES, language, board.value) for board in Board]
    assert len(set(states)) == len(states)
    assert len(set(boards)) == len(boards)


def test_a_board_code_that_is_not_ours_is_given_back() -> None:
    assert board_label(PHRASES, "tr", "XYZ") == "XYZ"


def test_the_same_value_of_two_enums_has_two_names() -> None:
    phrases = FakePhrases()
    assert label(phrases, "en", CallOutcome.SOLD) == "Sold"
    assert label(phrases, "en", AlertCode.SOLD_OUT) == "sold_out"


def test_free_until_the_day_of_arrival_names_that_day() -> None:
    stay = a_stay()
    assert "10 July 2027" in said(flexible_terms(free_until_days=0), today=stay.check_in - timedelta(days=1))
