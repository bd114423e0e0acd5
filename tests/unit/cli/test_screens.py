"""What screens say where a wrong word would mislead the agent."""

from cli.screens import people, quotes
from cli.screens.blocks import Text
from cli.screens.reader import Body, Reader
from domain.access import Role
from domain.guest import CallerCard
from integration.adapters.phrases import CataloguePhrases
from integration.usecases.views import call_body, card_body
from tests.builders import a_call, a_guest, an_actor


def said(body: Body, language: str = "en") -> str:
    return "\n".join(
        str(one.text) for one in people.call(body, Reader(CataloguePhrases(), language)) if isinstance(one, Text)
    )


def started(card: CallerCard) -> Body:
    return {**call_body(a_call()), **card_body(card, an_actor(Role.ADMIN))}


def test_a_caller_is_not_called_unknown_when_the_pms_was_not_asked() -> None:
    body = started(CallerCard(None, is_pms_read=False))
    assert body["pms_read"] is False
    assert "PMS did not answer" in said(body)
    assert "not known" not in said(body)
    assert "not known" in said(started(CallerCard(None)))


def test_a_known_caller_whose_history_could_not_be_read_is_shown_with_a_warning() -> None:
    assert "PMS did not answer" in said(started(CallerCard(a_guest(), is_pms_read=False)))
    assert said(started(CallerCard(a_guest()))) == ""


def test_the_word_of_an_alert_is_written_in_turkish_capitals() -> None:
    reader = Reader(CataloguePhrases(), "tr")
    words = [str(quotes._alert({"level": level, "text": "x"}, reader)) for level in ("red", "yellow", "green")]
    assert words == ["KIRMIZI: x", "SARI: x", "YEŞİL: x"]
