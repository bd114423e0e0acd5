"""What a change found: kept in the history's line so that a wrong change can be changed back at the old price.

The line's `detail` holds codes and amounts that a person can read as they stand: `old_stay=2027-07-10..2027-07-17`,
`old_nightly=200.00*6 230.00*1` (all rooms, arrival first), `old_terms=3 nights 1 100` (free until so many days before,
`-` for never; basis and size of the penalty; percent of a no-show). A line from before this was kept gives None.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from domain.money import Money
from domain.rates import CancellationTerms, NightPrice, PenaltyBasis
from domain.reservation import Reservation
from domain.rollback import Snapshot
from domain.stay import Party, StayDates

NEVER = "-"


def kept(before: Reservation) -> dict[str, str]:
    """The detail that a change's line of history keeps of what it found."""
    return {
        "old_stay": f"{before.stay.check_in}..{before.stay.check_out}",
        "old_party": party_text(before.party),
        "old_room_type": before.room_type,
        "old_rate_plan": before.rate_plan,
        "old_rate_code": before.rate_code,
        "old_board": before.board,
        "old_total": str(before.total),
        "old_nightly": nightly_text(before.nightly),
        "old_deposit": str(before.deposit_due),
        "old_terms": terms_text(before.cancellation),
    }


def found_by(detail: Mapping[str, str], now: Snapshot) -> Snapshot | None:
    """What a change's line of history says it found, on the ladder where `now` stands; None when it was not kept."""
    if "old_nightly" not in detail:
        return None
    first, _, last = detail["old_stay"].partition("..")
    stay = StayDates(date.fromisoformat(first), date.fromisoformat(last))
    nightly = nightly_of(detail["old_nightly"], stay.check_in, now.total.currency)
    return replace(
        now,
        stay=stay,
        party=party_of(detail["old_party"]),
        room_type=detail["old_room_type"],
        rate_plan=detail["old_rate_plan"],
        rate_code=detail["old_rate_code"],
        board=detail["old_board"],
        nightly=nightly,
        total=money_of(detail["old_total"]),
        deposit_due=money_of(detail["old_deposit"]),
        cancellation=terms_of(detail["old_terms"]),
    )


def party_text(party: Party) -> str:
    """`2+6,9`: adults, then the children's ages."""
    return f"{party.adults}+{','.join(map(str, party.child_ages))}"


def party_of(text: str) -> Party:
    """The party of a text."""
    adults, _, ages = text.partition("+")
    return Party(int(adults), tuple(int(age) for age in ages.split(",") if age))


def nightly_text(nightly: tuple[NightPrice, ...]) -> str:
    """`200.00*6 230.00*1`: equal prices in a row together."""
    runs = ((amount, len(list(run))) for amount, run in groupby(one.price.amount for one in nightly))
    return " ".join(f"{amount}*{count}" for amount, count in runs)


def nightly_of(text: str, check_in: date, currency: str) -> tuple[NightPrice, ...]:
    """The prices of nights from an arrival on."""
    runs = [run.partition("*") for run in text.split()]
    prices = [Money.of(amount, currency) for amount, _, count in runs for _ in range(int(count))]
    return tuple(NightPrice(check_in + timedelta(days=n), price) for n, price in enumerate(prices))


def money_of(text: str) -> Money:
    """The amount of `200.00 EUR`."""
    amount, _, currency = text.partition(" ")
    return Money.of(amount, currency)


def terms_text(terms: CancellationTerms) -> str:
    """`3 nights 1 100`."""
    free = NEVER if terms.free_until_days is None else terms.free_until_days
    return f"{free} {terms.penalty_basis.value} {terms.penalty_value} {terms.no_show_percent}"


def terms_of(text: str) -> CancellationTerms:
    """The terms of a text."""
    free, basis, value, no_show = text.split()
    return CancellationTerms(
        None if free == NEVER else int(free), PenaltyBasis(basis), Decimal(value), Decimal(no_show)
    )
