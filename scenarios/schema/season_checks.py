"""What the sections of a season scenario promise each other: a channel that brings contacts has work, patience and a
desk; a desk works shifts that exist and that the law allows."""

from collections.abc import Iterator

from scenarios.calendars import knows_country
from scenarios.schema.faults import Fault, meant
from scenarios.schema.season import Scenario

# Countries whose holidays are known for sure: naming one of them does not load the tables of all.
KNOWN_MARKETS = frozenset({"TR", "DE", "GB", "GB-ENG", "KZ", "NL", "PL", "RU"})


def find_scenario_faults(scenario: Scenario) -> Iterator[Fault]:
    """Every broken promise, in no special order."""
    yield from _channels(scenario)
    yield from _desks(scenario)
    yield from _shifts(scenario)
    yield from _markets(scenario)


def _channels(scenario: Scenario) -> Iterator[Fault]:
    used = [channel for channel, share in scenario.demand.channel_mix.items() if share]
    for channel in used:
        for section, known in (("work", scenario.work), ("patience", scenario.patience)):
            if channel not in known:
                yield Fault((section,), f"the scenario has contacts of {channel}, but {section} says nothing of it")
        if not any(channel in (*desk.channels, *desk.also) for desk in scenario.team.values()):
            yield Fault(("team",), f"the scenario has contacts of {channel}, but no desk does them")


def _desks(scenario: Scenario) -> Iterator[Fault]:
    for name, desk in scenario.team.items():
        for shift in desk.shifts:
            if shift not in scenario.shifts:
                yield Fault(("team", name, "shifts", shift), f"unknown shift {shift}{meant(shift, scenario.shifts)}")
        for language, rows in desk.roster.items():
            for shift in rows:
                if shift not in scenario.shifts:
                    path = ("team", name, "roster", language, shift)
                    yield Fault(path, f"unknown shift {shift}{meant(shift, scenario.shifts)}")
        if desk.days_per_week > scenario.labour.days_per_week:
            most = scenario.labour.days_per_week
            yield Fault(("team", name, "days_per_week"), f"labour allows {most} working days a week")


def _shifts(scenario: Scenario) -> Iterator[Fault]:
    for code, shift in scenario.shifts.items():
        hours = shift.work_minutes / 60
        if hours > scenario.labour.day_hours:
            yield Fault(("shifts", code), f"{hours:g} h of work; labour allows {scenario.labour.day_hours:g} h a day")


def _markets(scenario: Scenario) -> Iterator[Fault]:
    for language, market in scenario.calendars.markets.items():
        for country in market:
            if country not in KNOWN_MARKETS and not knows_country(country):
                path = ("calendars", "markets", language, country)
                yield Fault(path, f"no holidays are known of {country}")
