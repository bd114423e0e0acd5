"""The nouns of `santral` and their verbs, each loaded only when it is named.

A table gives the one-line help, so `santral --help` shows all nouns without importing one of them; a noun with many
verbs is spread over several modules, and only the one that holds the verb is imported. So a command pays for the
libraries it uses and for no others.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from typer import Typer
from typer.main import get_command, get_command_from_info, get_command_name

from cli.options import Noun

VERBS = frozenset({"demo", "doctor", "init", "serve"})
NOUNS = {
    "demo": "The main job end to end on embedded defaults, with a report.",
    "init": "Make a Santral home: store, hotel files and a seeded mock hotel.",
    "serve": "Run the integration service.",
    "pms": "Run and control the mock PMS.",
    "call": "Start, end and list telephone calls.",
    "guest": "Find, create and keep guests.",
    "reservation": "Quote, hold, confirm, change and cancel stays.",
    "rollback": "Undo what was entered wrongly: plan it, apply it, undo that again.",
    "batch": "Files that were brought in, row by row.",
    "offer": "What was offered, and other sellers' prices.",
    "task": "What only a person can do: listed, done, decided.",
    "lead": "Interest in a stay, from its first word to won or lost.",
    "case": "The one queue: cases of every channel, their clocks and handoffs.",
    "channel": "Channels that guests write and call on.",
    "outbox": "What goes out to guests, what is held back, what did not arrive.",
    "user": "Users of the service and their tokens.",
    "audit": "Who did what, and whether the record is whole.",
    "store": "Upgrade, back up, restore and check our store.",
    "doctor": "What is missing or set up wrongly.",
    "scenario": "Seasons as data: hotels, demand, team, targets, and what each number rests on.",
    "sim": "Simulate a season, size its team, and hold the engine against exact results.",
    "loadtest": "The season as load on the service, every record checked, and a verdict.",
    "kpi": "Figures of call centre and PMS read as one: reports, live, what is behind a number.",
    "golive": "Will it hold, and is the hotel ready: load, season and readiness, judged as one.",
    "rehearsal": "A month of the call centre in minutes, faults included.",
}
# Verbs that live beside the noun's own module, in the order of `--help`; the rest is in `cli/commands/<noun>.py`.
ELSEWHERE: dict[str, dict[str, tuple[str, ...]]] = {
    "reservation": {
        "reservation_sale": ("quote", "hold", "option", "confirm"),
        "reservation_moves": ("pay", "change", "extend", "cancel", "no-show", "reinstate", "note", "expire"),
        "reservation_reconcile": ("reconcile",),
        "reservation_send": ("send", "pay-link"),
        "reservation_batch": ("import", "export"),
    },
    "call": {"call_batch": ("import",)},
    "offer": {"offer_send": ("send",)},
    "guest": {
        "guest_person": ("merge", "unmerge", "person"),
        "guest_consent": ("consent",),
        "guest_verify": ("verify",),
    },
    "lead": {"lead_batch": ("import", "export")},
    "channel": {"channel_plan": ("list", "show", "set", "diagram"), "channel_pull": ("pull",)},
    "case": {"case_reply": ("reply",)},
    "user": {"user_presence": ("presence",)},
    "scenario": {"scenario_fit": ("fit", "sample")},
    "sim": {"sim_run": ("run", "compare", "tornado"), "sim_report": ("report",), "sim_staff": ("staff",)},
    "loadtest": {"loadtest_report": ("report",)},
    "golive": {"golive_kit": ("kit",)},
    "kpi": {"kpi_export": ("export",), "kpi_weekly": ("weekly",), "kpi_calibrate": ("calibrate",)},
}

# Nouns below a noun; their verbs are in `cli/commands/<noun>_<name>.py`.
BELOW = {
    "pms": {
        "fault": "Faults on demand: what the mock PMS does on a bad day.",
        "channel": "Stand-ins of the providers of channels: what they were sent, faults, receipts, payments.",
    },
    "kpi": {"pilot": "Thirty days against the targets, day by day."},
}


def verbs() -> Typer:
    """A list for the verbs of a module: `app = verbs()`, then `@app.command(cls=Verb)`."""
    return Typer(add_completion=False, rich_markup_mode=None)


def _module(name: str) -> Typer:
    app: Typer = import_module(f"cli.commands.{name.replace(' ', '_')}").app
    return app


def _built(app: Typer, wanted: str | None = None) -> Iterator[Any]:
    """The commands of a module, or the one of a name; a command costs its options' inspection, so no more is built."""
    for info in app.registered_commands:
        name = info.name or get_command_name(getattr(info.callback, "__name__", ""))
        if wanted in {None, name}:
            yield get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)


class Verbs(Noun):
    """The verbs of one noun."""

    def __init__(self, noun: str) -> None:
        """Load nothing yet."""
        above, _, name = noun.rpartition(" ")
        text = BELOW[above][name] if above else NOUNS[noun]
        super().__init__(name=name, help=text, no_args_is_help=True, rich_markup_mode=None)
        self._noun = noun

    def _all(self) -> None:
        for name in (*ELSEWHERE.get(self._noun, {}), self._noun):
            self.commands.update({one.name: one for one in _built(_module(name))})
        self.commands.update({name: Verbs(f"{self._noun} {name}") for name in BELOW.get(self._noun, {})})

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - the click that Typer carries
        """All verbs; loads them all."""
        self._all()
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Load the verb that was typed; for an unknown one load all, so that the nearest can be named."""
        if cmd_name in BELOW.get(self._noun, {}):
            return Verbs(f"{self._noun} {cmd_name}")
        places = ELSEWHERE.get(self._noun, {})
        place = next((module for module, names in places.items() if cmd_name in names), self._noun)
        found = self.commands.get(cmd_name) or next(_built(_module(place), cmd_name), None)
        if found is None:
            self._all()
        return found


class Nouns(Noun):
    """The root group."""

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401 - Typer hands over what it knows
        """Let "did you mean" know the names."""
        super().__init__(**attrs)
        self.commands = dict.fromkeys(NOUNS)  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """All nouns, in the table's order."""
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Load the noun that was typed."""
        if cmd_name not in NOUNS:
            return None
        if cmd_name not in VERBS:
            return Verbs(cmd_name)
        command = get_command(_module(cmd_name))
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """Write the table without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))
