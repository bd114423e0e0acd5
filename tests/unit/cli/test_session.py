"""One run: shared options, the language, the key told first, asking, and telling what went wrong."""

import io
import json
from pathlib import Path

import pytest

from cli.context import Session
from cli.main import main, wants_json
from domain.errors import InvalidInput, Refused


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def a_session(stdin: io.StringIO | None = None, **environ: str) -> Session:
    return Session(environ=environ, out=io.StringIO(), err=io.StringIO(), stdin=stdin or io.StringIO())


def said(session: Session) -> str:
    assert isinstance(session.err, io.StringIO)
    return session.err.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        ("--home", "H", "--actor", "ayse", "reservation", "list"),
        ("reservation", "--home", "H", "--actor", "ayse", "list"),
        ("reservation", "list", "--home", "H", "--actor", "ayse"),
    ],
)
def test_shared_options_are_taken_before_the_noun_and_after_the_verb(tmp_path: Path, words: tuple[str, ...]) -> None:
    session = a_session(SANTRAL_ACTOR="mehmet")
    home = tmp_path / "none"
    assert main([str(home) if word == "H" else word for word in words], session) == 4
    assert str(home) in said(session)
    assert session.actor.name == "ayse"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "tr_TR.UTF-8"}, "tr"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR.UTF-8"}, "en"),
        ({"LANG": "tr_TR.UTF-8", "SANTRAL_LANG": "en"}, "en"),
        ({"SANTRAL_LANG": "TR"}, "tr"),
    ],
)
def test_the_language_is_that_asked_for_else_the_locales(environ: dict[str, str], language: str) -> None:
    assert Session(environ=environ).language == language


def test_an_unknown_language_in_the_environment_is_told(tmp_path: Path) -> None:
    session = a_session(SANTRAL_LANG="fr", SANTRAL_HOME=str(tmp_path / "none"))
    assert main(["reservation", "list"], session) == 2
    assert "SANTRAL_LANG" in said(session)


def test_a_key_of_ours_is_told_before_it_is_used_and_a_typed_one_is_kept() -> None:
    session = a_session()
    key = session.request_key(None)
    assert said(session) == f"request key: {key}\n"
    assert a_session().request_key("mine") == "mine"
    with pytest.raises(InvalidInput):
        a_session().request_key("")


def test_nobody_there_to_answer_is_bad_input_unless_yes_was_said() -> None:
    with pytest.raises(InvalidInput):
        a_session().can_ask(yes=False)
    a_session().can_ask(yes=True)
    terminal = a_session(Terminal("y\n"))
    terminal.can_ask(yes=False)
    terminal.options.json = True
    with pytest.raises(InvalidInput):
        terminal.can_ask(yes=False)


@pytest.mark.parametrize("answer", ["y\n", "YES\n", "e\n", "evet\n"])
def test_yes_is_yes_in_both_languages(answer: str) -> None:
    a_session(Terminal(answer)).agree("Cancel it?", yes=False)


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "hayır\n", "sure\n"])
def test_anything_else_is_no(answer: str) -> None:
    with pytest.raises(Refused):
        a_session(Terminal(answer)).agree("Cancel it?", yes=False)


def test_json_is_recognised_on_a_line_that_cannot_be_read() -> None:
    assert wants_json(["a", "--json"])
    assert wants_json(["--format", "json", "a"])
    assert wants_json(["--format=json"])
    assert not wants_json(["--format", "csv", "json"])


def broken(*_: object) -> None:
    raise ZeroDivisionError


def test_a_bug_says_so_and_shows_where_only_when_asked(tmp_path: Path) -> None:
    for words, shows in ((["reservation", "list"], False), (["reservation", "list", "--debug"], True)):
        session = a_session()
        session.opener = broken  # type: ignore[assignment]
        assert main(words, session) == 1
        assert ("Traceback" in said(session)) is shows
        assert "Something went wrong inside Santral (ZeroDivisionError)." in said(session)


def test_a_bug_in_json_is_one_document() -> None:
    session = a_session()
    session.opener = broken  # type: ignore[assignment]
    assert main(["reservation", "list", "--json"], session) == 1
    assert isinstance(session.out, io.StringIO)
    assert json.loads(session.out.getvalue())["error"]["code"] == "internal_error"


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_ends_with_130() -> None:
    session = a_session()
    session.opener = interrupted  # type: ignore[assignment]
    assert main(["reservation", "list"], session) == 130
