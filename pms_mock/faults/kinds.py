"""The kinds of faults: which operations they can concern and what they take, with what is used when nothing is said.

Each kind is a fact about a real PMS; docs/faults.md says which, in the reader's words. `main` is the one number that
most people want to set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pms_mock.protocol.wire import Operation, wire

Value = float | str
_CREATES = frozenset({"postReservation", "postProfile", "postGuestProfile", "postDepositPayment"})
_SHOPS = frozenset({"getHotelAvailability", "getAlternateAvailability", "getHotelInventory"})
_GUARANTEED = frozenset({"postReservation", "putReservation", "postDepositPayment"})
_LOCKABLE = frozenset(
    {
        "putReservation",
        "postCancelReservation",
        "putReinstateReservation",
        "postDepositPayment",
        "putAcquireReservationLock",
    }
)
GROUPS: Mapping[str, Callable[[Operation], bool]] = MappingProxyType(
    {
        "*": lambda _operation: True,
        "reads": lambda operation: operation.method == "GET",
        "writes": lambda operation: operation.is_write,
    }
)
APPEARING = ("Closed", "ClosedForArrival", "ClosedForDeparture", "MinimumLengthOfStay", "MinimumStayThrough")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `takes` gives each parameter its default; a text default takes texts, a number numbers."""

    name: str
    fits: Callable[[Operation], bool]
    main: str = ""
    takes: Mapping[str, Value] = field(default_factory=dict)


def _only(*names: str) -> Callable[[Operation], bool]:
    return lambda operation: operation.id in names


def _spoken(operation: Operation) -> bool:
    return operation.area != "oauth"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("down", GROUPS["*"]),
            Kind("slow", GROUPS["*"], "seconds", {"seconds": 1.0, "median": 0.0, "p95": 0.0}),
            Kind("status", GROUPS["*"], "status", {"status": 503, "retry_after": ""}),
            Kind("token_expired", _spoken),
            Kind("lost_answer", GROUPS["*"]),
            Kind("truncated", GROUPS["*"]),
            Kind("garbage", GROUPS["*"]),
            Kind("warnings", _spoken, "", {"text": "The request was processed with a business warning"}),
            Kind("5xx_after_commit", GROUPS["writes"], "status", {"status": 500}),
            Kind("201_without_location", lambda one: one.is_write and one.success == 201),  # noqa: PLR2004
            Kind("late_execution", GROUPS["writes"], "seconds", {"seconds": 5.0}),
            Kind("lookup_lag", _only(*_CREATES), "seconds", {"seconds": 5.0}),
            Kind("stale_availability", _only(*_SHOPS), "seconds", {"seconds": 60.0}),
            Kind("price_changed", _only("postReservation"), "percent", {"percent": 10.0}),
            Kind(
                "restriction_appears",
                _only("postReservation"),
                "seconds",
                {"seconds": 600.0, "code": "Closed", "unit": 0},
            ),
            Kind("house_closed", _only("postReservation", *_SHOPS), "seconds", {"seconds": 600.0}),
            Kind("locked", _only(*_LOCKABLE), "seconds", {"seconds": 300.0, "user": "FRONTDESK"}),
            Kind("guarantee_replaced", _only(*_GUARANTEED), "", {"guarantee": ""}),
            Kind("deposit_without_guarantee", _only("postDepositPayment")),
            Kind("confirmed_by_front_desk", lambda one: "reservationId" in one.segments, "", {"guarantee": "PAID"}),
        )
    }
)


def concerns(kind: str, selector: str, operation: Operation) -> bool:
    """Whether a fault of this kind, for this operation or group, can meet a request for `operation`."""
    named = GROUPS[selector](operation) if selector in GROUPS else operation.id == selector
    return named and KINDS[kind].fits(operation)


def check_selector(kind: str, selector: str) -> None:
    """Raise ValueError for an operation that is not offered, or that this kind can never meet."""
    operations = wire().operations
    if selector not in GROUPS and selector not in operations:
        raise ValueError(f"{selector} is neither an operation of the mock nor one of {', '.join(GROUPS)}")
    if not any(concerns(kind, selector, one) for one in operations.values()):
        raise ValueError(f"a fault of kind {kind} never meets {selector}")


def params_of(kind: str, given: Mapping[str, object]) -> dict[str, Value]:
    """The parameters of a fault with the defaults filled in; raises ValueError in words for what does not fit."""
    if kind not in KINDS:
        raise ValueError(f"fault kind {kind} is not one of {', '.join(sorted(KINDS))}")
    known = KINDS[kind].takes
    params = dict(known)
    for name, value in given.items():
        if name not in known:
            offered = ", ".join(known) or "nothing"
            raise ValueError(f"a fault of kind {kind} takes no {name} (it takes {offered})")
        params[name] = _fitting(name, value, known[name])
    _check(kind, params)
    return params


def _fitting(name: str, value: object, default: Value) -> Value:
    if isinstance(default, str):
        return str(value)
    try:
        number = float(str(value))
    except ValueError:
        raise ValueError(f"{name} has to be a number, not {value}") from None
    if not -100 <= number <= 1e7:  # noqa: PLR2004 - a price can fall by all of it; four months of seconds
        raise ValueError(f"{name} is out of range")
    return number


def _check(kind: str, params: Mapping[str, Value]) -> None:
    numbers = {name: value for name, value in params.items() if isinstance(value, int | float)}
    if any(value < 0 for name, value in numbers.items() if name != "percent"):
        raise ValueError(f"a fault of kind {kind} takes no negative number")
    lowest = 500 if kind == "5xx_after_commit" else 300
    if "status" in numbers and numbers["status"] not in range(lowest, 600):
        raise ValueError(f"status has to be a whole number from {lowest} to 599")
    if bool(numbers.get("median")) != bool(numbers.get("p95")) or numbers.get("median", 0) > numbers.get("p95", 0):
        raise ValueError("a distribution needs median and p95, the second not below the first")
    if kind == "restriction_appears" and params["code"] not in APPEARING:
        raise ValueError(f"code has to be one of {', '.join(APPEARING)}")
