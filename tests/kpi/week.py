"""A week of May 2027 in Belek, worked out by hand. Local time is UTC+3; WhatsApp is open 08:00-02:00, the telephone
08:00-24:00. All instants below are UTC; the report is read on Monday 10 May, 09:00 (12:00 local).

      who    came by   when             first answer        first resp.   solved            resolution   lead
    A Anna   WhatsApp  Mon 09:00:00     09:01:30            90            Mon 09:31:30      1890         lost, price
    B Bora   WhatsApp  Mon 22:50 (Tue)  Tue 05:01:00        600 + 60      Tue 05:11:00      600 + 660    lost, price
    C Chris  WhatsApp  Tue 20:59:00     21:00:30            90            open              345660 *     open
    D Deniz  phone     Wed 07:00:00     07:00:15 agent7     15            Wed 07:05:15      315          won, EUR 1400
    E Emre   phone     Wed 08:00:00     08:00:30 agent8     30            Wed 08:02:00      120          lost, full
    F Filiz  phone     Thu 07:00:00     gave up at 10 s     (dropped)     open              237600 *     open
    G Gül    phone     Thu 08:00:00     gave up at 25 s     25 (missed)   open              234000 *     in progress
    H Hana   WhatsApp  Fri 09:00:00     09:00:50            50            Fri 09:13:00      780          won, TRY 35000

    * seconds of open hours until the report: C 2:01 h on Tuesday night, 5 x 18 h, 4 h; F 14 h, 3 x 16 h, 4 h; G 13 h,
      3 x 16 h, 4 h. G is rung back ten minutes later; H is taken to the telephone after two turns and rings at
      09:10:00, is answered at 09:10:05 and booked at 09:13:00, a minute after the call. D was offered twice in the
      call, E once, H once.

Arriving that week, sold in April: one that came, one cancelled, one no-show, one rolled back.
"""

from datetime import UTC, date, datetime, timedelta

from domain.case import CallOutcome
from domain.kpi_row import Period
from domain.reservation import ReservationState
from integration.ports.store import Store
from tests.builders import a_stay, eur, lira, night_prices
from tests.intake.reception import Writer
from tests.kpi.floor import Counted

WEEK = Period(date(2027, 5, 3), date(2027, 5, 9))
NOW = datetime(2027, 5, 10, 9, tzinfo=UTC)
WHO = {name: f"+90532000000{place}" for place, name in enumerate("ABCDEFGH")}


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Of May 2027, UTC."""
    return datetime(2027, 5, day, hour, minute, second, tzinfo=UTC)


def the_week(store: Store | None = None) -> Counted:
    """The records of the week; the clock stands at the report."""
    floor = Counted.on(store) if store is not None else Counted()
    _arrivals(floor)
    floor.writes(_writer("A"), at(3, 9))
    floor.replies(WHO["A"], at(3, 9, 1, 30))
    floor.closes(WHO["A"], at(3, 9, 31, 30), "price")
    floor.writes(_writer("B"), at(3, 22, 50))
    floor.replies(WHO["B"], at(4, 5, 1))
    floor.closes(WHO["B"], at(4, 5, 11), "price")
    floor.writes(_writer("C"), at(4, 20, 59))
    floor.replies(WHO["C"], at(4, 21, 0, 30), "agent8")
    _wednesday(floor)
    _thursday(floor)
    _friday(floor)
    floor.be(NOW)
    return floor


def _writer(name: str) -> Writer:
    return Writer(WHO[name], name=name)


def _arrivals(floor: Counted) -> None:
    """Sold in April, arriving this week."""
    states = (
        ReservationState.CHECKED_OUT,
        ReservationState.CANCELLED,
        ReservationState.NO_SHOW,
        ReservationState.ROLLED_BACK,
    )
    for day, state in enumerate(states, 4):
        stay = a_stay(date(2027, 5, day), 2)
        floor.stays(
            datetime(2027, 4, 2, 9, tzinfo=UTC), stay=stay, state=state, created_at=datetime(2027, 4, 2, 9, tzinfo=UTC),
            nightly=night_prices(stay, eur("100.00")),
        )  # fmt: skip


def _wednesday(floor: Counted) -> None:
    call = floor.rings(WHO["D"], at(5, 7), 15)
    offer = floor.offers(call, at(5, 7, 2))
    floor.offers(call, at(5, 7, 3))
    floor.sells(call, at(5, 7, 4), eur("200.00"), offer)
    floor.ends(call, at(5, 7, 5, 15), CallOutcome.SOLD)
    call = floor.rings(WHO["E"], at(5, 8), 30, agent="agent8")
    floor.offers(call, at(5, 8, 1), "agent8")
    floor.ends(call, at(5, 8, 2), CallOutcome.NOT_SOLD, agent="agent8", reason="no_availability")


def _thursday(floor: Counted) -> None:
    floor.rings(WHO["F"], at(6, 7), None, 10)
    floor.rings(WHO["G"], at(6, 8), None, 25)
    call = floor.calls_out(WHO["G"], at(6, 8, 10))
    floor.ends(call, at(6, 8, 12), CallOutcome.FOLLOW_UP)


def _friday(floor: Counted) -> None:
    hana = _writer("H")
    floor.writes(hana, at(7, 9))
    floor.replies(WHO["H"], at(7, 9, 0, 50))
    floor.writes(hana, at(7, 9, 2), "And with half board?")
    floor.replies(WHO["H"], at(7, 9, 3))
    call = floor.rings(WHO["H"], at(7, 9, 10), 5)
    offer = floor.offers(call, at(7, 9, 11))
    floor.ends(call, at(7, 9, 12), CallOutcome.FOLLOW_UP)
    floor.sells(call, at(7, 9, 13), lira("5000.00"), offer)
    floor.closes(WHO["H"], at(7, 9, 12) + timedelta(minutes=1))
