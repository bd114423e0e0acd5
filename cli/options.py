"""Options that every command takes, before the noun or after the verb: `santral call list --json`.

A command class adds them to the parameters of its function, so no command spells them out. Each value goes straight
into the session's `Options` when it is parsed; the last one typed wins. Not required of the library: nothing here
is loaded that `--help` does not need.
"""

from enum import StrEnum
from typing import Any

from typer import BadParameter
from typer.core import TyperCommand, TyperGroup, TyperOption

LANGUAGES = ("tr", "en")


class Format(StrEnum):
    """How data is written to stdout."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


class Options:
    """What was typed; an empty text means that nothing was."""

    def __init__(self) -> None:
        """Start with nothing typed."""
        self.hotel = ""
        self.actor = ""
        self.lang = ""
        self.as_of = ""
        self.home = ""
        self.form = ""
        self.json = False
        self.debug = False

    @property
    def format(self) -> Format:
        """The format asked for; `--json` wins over `--format`."""
        return Format.JSON if self.json else Format(self.form or Format.TABLE)


_CHOICES: dict[str, tuple[str, ...]] = {"lang": LANGUAGES, "form": tuple(Format)}
_TEXTS = {
    "hotel": ("ID", "Hotel to speak of; may be left out where there is one. [env: SANTRAL_HOTEL]"),
    "actor": ("NAME", "Who acts; locally an admin. [env: SANTRAL_ACTOR]"),
    "lang": ("tr|en", "Language of what people read. [env: SANTRAL_LANG]"),
    "as_of": ("INSTANT", "Start the run at this instant, Santral and embedded mock alike. [env: SANTRAL_AS_OF]"),
    "home": ("FOLDER", "Folder of store, mock PMS and hotel files. [env: SANTRAL_HOME]"),
    "form": ("table|json|csv|markdown", "How data is written."),
}
_FLAGS = {"json": "Short for --format json.", "debug": "Show the traceback of an error."}


def _keep(ctx: Any, param: Any, value: Any) -> Any:  # noqa: ANN401 - the click that Typer carries exports no types
    """Put a parsed value into the session's options."""
    allowed = _CHOICES.get(param.name)
    if value and allowed and value not in allowed:
        raise BadParameter(f"{value!r} is not one of {', '.join(allowed)}.", ctx=ctx, param=param)
    if value and hasattr(ctx.obj, "options"):
        setattr(ctx.obj.options, param.name, value)
    return value


class SharedOption(TyperOption):
    """One of the options above; the generated page lists them once."""


def _shared() -> list[TyperOption]:
    texts = [
        SharedOption(
            param_decls=[name, "--format" if name == "form" else f"--{name.replace('_', '-')}"],
            help=text, metavar=metavar, expose_value=False, callback=_keep,
        )
        for name, (metavar, text) in _TEXTS.items()
    ]  # fmt: skip
    flags = [
        SharedOption(
            param_decls=[name, f"--{name}"], help=text, is_flag=True, default=False, expose_value=False, callback=_keep
        )
        for name, text in _FLAGS.items()
    ]
    return [*texts, *flags]


class Verb(TyperCommand):
    """A command that takes the shared options too."""

    def __init__(self, name: str | None, *, params: list[Any] | None = None, **attrs: Any) -> None:  # noqa: ANN401
        """Add them behind the command's own, which win where both have a word (`rollback plan --actor`)."""
        own = params or []
        taken = {word for one in own for word in one.opts}
        shared = [one for one in _shared() if not taken & set(one.opts)]
        super().__init__(name, params=[*own, *shared], **attrs)


class Noun(TyperGroup):
    """A group of commands that takes the shared options before the verb."""

    def __init__(self, *, params: list[Any] | None = None, **attrs: Any) -> None:  # noqa: ANN401
        """Add them behind the group's own."""
        super().__init__(params=[*(params or []), *_shared()], **attrs)
