"""Exit codes: the one table from what went wrong to the number a script sees.

The numbers are API (docs/exit-codes.md) and are never given another meaning. Classes are named, not imported, so that
asking for help loads nothing; the most special class of an error's ancestry that stands in the table decides. A test
walks every domain and service error, and checks that every name here is a class that exists.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a run of `santral` ends with."""

    DONE = 0
    BUG = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    UNAVAILABLE = 5
    UNKNOWN = 6
    THRESHOLD = 7
    INTERRUPTED = 130


TABLE: dict[str, ExitCode] = {
    "domain.errors.DomainError": ExitCode.REFUSED,
    "domain.errors.InvalidInput": ExitCode.USAGE,
    "domain.errors.Refused": ExitCode.REFUSED,
    "domain.errors.NotFound": ExitCode.NOT_FOUND,
    "domain.errors.Forbidden": ExitCode.REFUSED,
    "integration.errors.ServiceError": ExitCode.UNAVAILABLE,
    "integration.errors.PmsError": ExitCode.UNAVAILABLE,
    "integration.errors.PmsUnavailable": ExitCode.UNAVAILABLE,
    "integration.errors.PmsRejected": ExitCode.REFUSED,
    "integration.errors.PmsProtocolError": ExitCode.UNAVAILABLE,
    "integration.errors.PmsOutcomeUnknown": ExitCode.UNKNOWN,
    "integration.errors.OutcomeUnknown": ExitCode.UNKNOWN,
    "integration.errors.StoreUnavailable": ExitCode.UNAVAILABLE,
    "integration.errors.NotReady": ExitCode.UNAVAILABLE,
    "integration.errors.ConfigurationError": ExitCode.USAGE,
    "scenarios.loader.HotelFileError": ExitCode.USAGE,
    "scenarios.fault_profiles.FaultProfileError": ExitCode.USAGE,
    "scenarios.scenario_files.ScenarioFileError": ExitCode.USAGE,
    "cli.mock_seed.SeedChoiceError": ExitCode.USAGE,
    "pms_mock.control.ControlError": ExitCode.USAGE,
    "pms_mock.store.StoreError": ExitCode.UNAVAILABLE,
    "typer._click.exceptions.ClickException": ExitCode.USAGE,
}


def code_of(error: BaseException) -> ExitCode:
    """The exit code of an error; BUG for one that nobody foresaw."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    names = (f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__)
    return next((TABLE[name] for name in names if name in TABLE), ExitCode.BUG)
