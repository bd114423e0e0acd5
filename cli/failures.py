"""How an error is told: one clear sentence and a hint, in the reader's language, or one JSON document.

Loaded only when something failed. An error that nobody foresaw is a bug: it says so, and `--debug` shows where it
happened.
"""

import traceback
from typing import TYPE_CHECKING, Any

from cli.exit_codes import ExitCode
from domain.errors import DomainError
from integration.errors import ServiceError

if TYPE_CHECKING:
    from cli.context import Session

BUG = "Something went wrong inside Santral ({name})."
BUG_HINT = "This is a bug of ours; --debug shows where."
CODES = {ExitCode.USAGE: "invalid_input", ExitCode.UNAVAILABLE: "store_unavailable"}


def tell(error: Exception, code: ExitCode, session: "Session") -> None:
    """Write the error where its reader looks for it."""
    printer = session.printer
    if session.options.debug:
        printer.talk("".join(traceback.format_exception(error)).rstrip())
    document = _document(error, code, session)
    if session.options.json:
        printer.document({"error": document})
        return
    printer.talk(document["message"])
    if document["hint"]:
        printer.talk(document["hint"])


def _document(error: Exception, code: ExitCode, session: "Session") -> dict[str, str]:
    if isinstance(error, DomainError | ServiceError):
        message = _said(session, error.template, dict(error.params))
        return {"code": error.code, "message": message, "hint": _said(session, error.hint, {})}
    if hasattr(error, "format_message"):
        return _usage(error, session)
    if code is not ExitCode.BUG:
        named = str(getattr(error, "code", CODES.get(code, "error")))
        return {"code": named, "message": str(error), "hint": getattr(error, "hint", "")}
    return {
        "code": "internal_error", "message": _said(session, BUG, {"name": type(error).__name__}),
        "hint": _said(session, BUG_HINT, {}),
    }  # fmt: skip


def _usage(error: Any, session: "Session") -> dict[str, str]:  # noqa: ANN401 - a usage error of the click that Typer carries
    """What the parser could not read; an error without words is a command without a verb."""
    where = error.ctx.command_path if getattr(error, "ctx", None) is not None else "santral"
    if type(error).__name__ == "NoArgsIsHelpError":
        message = "Missing command." if session.options.json else error.format_message()
        return {"code": "usage", "message": message, "hint": f"See `{where} --help`." if session.options.json else ""}
    return {"code": "usage", "message": error.format_message(), "hint": f"See `{where} --help`."}


def _said(session: "Session", template: str, params: dict[str, object]) -> str:
    """In the reader's language when the catalogue can be read, else in English."""
    if not template:
        return ""
    try:
        from integration.adapters.phrases import CataloguePhrases

        return CataloguePhrases().say(session.language, template, params or None)
    except Exception:  # noqa: BLE001 - telling an error must not fail
        return template.format(**params) if params else template
