"""What a change found can be read back from its line of history, to the cent."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money, total_of
from domain.rates import CancellationTerms, NightPrice, PenaltyBasis
from domain.rollback import Snapshot
from domain.stay import Party, StayDates
from integration.usecases.before_change import found_by, kept
from integration.usecases.rollback_document import snapshot_of, snapshot_parts
from tests.builders import ARRIVAL, a_reservation

amounts = st.decimals(min_value=0, max_value=99_999, places=2)
terms = st.builds(
    CancellationTerms,
    st.none() | st.integers(0, 60),
    st.sampled_from(PenaltyBasis),
    st.integers(0, 100).map(Decimal),
    st.integers(0, 100).map(Decimal),
)
parties = st.builds(Party, st.integers(1, 6), st.lists(st.integers(0, 17), max_size=4).map(tuple))


@given(st.lists(amounts, min_size=1, max_size=20), terms, parties, st.sampled_from(["EUR", "TRY"]))
def test_what_was_found_is_read_back_whole(
    prices: list[Decimal], sold_on: CancellationTerms, party: Party, currency: str
) -> None:
    stay = StayDates.of_nights(ARRIVAL, len(prices))
    nightly = tuple(
        NightPrice(night, Money(price, currency)) for night, price in zip(stay.nights(), prices, strict=True)
    )
    total = total_of([one.price for one in nightly], currency)
    before = replace(
        a_reservation(), stay=stay, party=party, nightly=nightly, total=total, cancellation=sold_on,
        deposit_due=nightly[0].price, room_type="FAM",
    )  # fmt: skip
    now = Snapshot.of(replace(a_reservation(), total=Money.zero(currency)))
    assert found_by(kept(before), now) == now.selling(Snapshot.of(before))
    assert snapshot_of(snapshot_parts(Snapshot.of(before))) == Snapshot.of(before)


def test_a_line_from_before_prices_were_kept_gives_nothing() -> None:
    assert found_by({"old_stay": "2027-07-10..2027-07-17"}, Snapshot.of(a_reservation())) is None
