"""One table from error to exit code, and nothing forgotten in it."""

import importlib
from collections.abc import Iterator

import pytest

from cli.exit_codes import TABLE, ExitCode, code_of
from domain.errors import DomainError, Forbidden, InvalidInput, NotFound, OfferExpired
from integration.errors import (
    ConfigurationError,
    OutcomePending,
    OutcomeUnknown,
    PmsOutcomeUnknown,
    PmsRejected,
    PmsUnavailable,
    ServiceError,
    StoreUnavailable,
)


def below(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from below(child)


def shipped() -> list[type[Exception]]:
    """All our errors that are loaded; the edge of the service has a table of its own."""
    importlib.import_module("cli.serving")
    roots: list[type[Exception]] = [DomainError, ServiceError]
    return [
        cls for root in roots for cls in below(root) if not cls.__module__.startswith(("tests.", "integration.http."))
    ]


@pytest.mark.parametrize("cls", shipped(), ids=lambda cls: cls.__name__)
def test_every_domain_and_service_error_has_an_exit_code(cls: type[Exception]) -> None:
    assert code_of(cls.__new__(cls)) not in {ExitCode.BUG, ExitCode.DONE}


@pytest.mark.parametrize(
    ("cls", "code"),
    [
        (InvalidInput, 2), (ConfigurationError, 2), (OfferExpired, 3), (Forbidden, 3), (PmsRejected, 3), (NotFound, 4),
        (PmsUnavailable, 5), (StoreUnavailable, 5), (PmsOutcomeUnknown, 6), (OutcomeUnknown, 6), (OutcomePending, 6),
        (ZeroDivisionError, 1), (KeyboardInterrupt, 130),
    ],
)  # fmt: skip
def test_the_codes_are_those_of_the_contract(cls: type[BaseException], code: int) -> None:
    assert code_of(cls.__new__(cls)) == code


@pytest.mark.parametrize("name", TABLE)
def test_every_name_in_the_table_is_a_class_that_exists(name: str) -> None:
    module, _, cls = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), cls), Exception)
