"""What is known of contacts that are not done yet: when each first came, about what, and what it would buy.

A contact may end days after it came, through another leg on another channel. So the columns of a day are kept until
every contact of it, and of the days before, has ended; memory is that of the few days that are still open.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.demand import DayDraw, SalesDraw
from sim.plan import Contacts

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


_SALES = fields(SalesDraw)


def rows_of(draws: SalesDraw, rows: I8) -> SalesDraw:
    """Some rows of sales columns, copied."""
    return SalesDraw(**{one.name: getattr(draws, one.name)[rows] for one in _SALES})


def joined(first: SalesDraw, then: SalesDraw) -> SalesDraw:
    """Sales columns one after the other."""
    return SalesDraw(
        **{one.name: np.concatenate([getattr(first, one.name), getattr(then, one.name)]) for one in _SALES}
    )


@dataclass(frozen=True, slots=True)
class Known:
    """Columns of contacts. `at`: when the first leg came; `channel`: of the season's list, follow-up last; `intent`: of
    the demand's list (of a follow-up call: of the contact it goes back to); `tries`: follow-up calls so far;
    `booked_on`: the day its lead time counts from; `sales`: what it would buy."""

    at: F8
    channel: I8
    language: I8
    intent: I8
    hotel: I8
    tries: I8
    booked_on: I8
    redial_u: F8
    sales: SalesDraw

    def __len__(self) -> int:
        """How many."""
        return len(self.at)

    def take(self, rows: I8) -> "Known":
        """Some of them."""
        columns: dict[str, Any] = {one.name: getattr(self, one.name)[rows] for one in _COLUMNS}
        return Known(**columns, sales=rows_of(self.sales, rows))

    def since(self, row: int) -> "Known":
        """Those from a row on, without a copy."""
        columns: dict[str, Any] = {one.name: getattr(self, one.name)[row:] for one in _COLUMNS}
        sales = SalesDraw(**{one.name: getattr(self.sales, one.name)[row:] for one in _SALES})
        return Known(**columns, sales=sales)

    def then(self, other: "Known") -> "Known":
        """One after the other."""
        columns: dict[str, Any] = {
            one.name: np.concatenate([getattr(self, one.name), getattr(other, one.name)]) for one in _COLUMNS
        }
        return Known(**columns, sales=joined(self.sales, other.sales))


_COLUMNS = tuple(one for one in fields(Known) if one.name != "sales")


def known_of(draw: DayDraw) -> Known:
    """The columns of a drawn day, in the order of the draw."""
    count = len(draw)
    return Known(
        at=draw.at,
        channel=draw.channel,
        language=draw.language,
        intent=draw.intent,
        hotel=draw.hotel,
        tries=np.zeros(count, np.int64),
        booked_on=np.full(count, draw.day),
        redial_u=draw.redial_u,
        sales=draw.sales,
    )


@dataclass(frozen=True, slots=True)
class Came:
    """What every leg asks of the contact it goes back to; columns as in `Known`."""

    at: F8
    channel: I8
    intent: I8
    redial_u: F8


class OpenContacts:
    """Known columns by the number of a contact in the run."""

    def __init__(self) -> None:
        """Nobody has come yet."""
        self._base = 0
        self._known: Known | None = None

    def add(self, contacts: Contacts, drawn: Known, called: Known | None = None) -> None:
        """A day's contacts, numbered on in their order; `called`: by mark, the outbound calls among them."""
        before = 0 if self._known is None else len(self._known)
        whole = drawn if self._known is None else self._known.then(drawn)
        mark = contacts.mark
        if called is not None:
            whole = whole.then(replace(called, redial_u=np.ones((len(called), drawn.redial_u.shape[1]))))
        if called is not None or len(drawn) != len(mark):
            rows = np.where(mark < 0, len(drawn) - 1 - mark, mark)
            whole = whole.take(np.concatenate([np.arange(before), before + rows]))
        self._known = whole

    def of(self, numbers: I8) -> Known:
        """The columns of some contacts; ValueError for one that has been dropped or never came."""
        known = self._all(numbers)
        return known.take(numbers - self._base)

    def came(self, numbers: I8) -> Came:
        """When and by what some contacts came: the few columns that are asked for all of them. ValueError as `of`."""
        known, rows = self._all(numbers), numbers - self._base
        return Came(known.at[rows], known.channel[rows], known.intent[rows], known.redial_u[rows])

    def _all(self, numbers: I8) -> Known:
        if self._known is None or (len(numbers) and numbers.min() < self._base):
            raise ValueError("this contact is not known")
        return self._known

    def drop_before(self, number: int) -> None:
        """Forget contacts that have ended: all before this number."""
        if self._known is not None and number > self._base:
            self._known, self._base = self._known.since(number - self._base), number
