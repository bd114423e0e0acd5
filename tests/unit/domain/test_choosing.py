"""Two or three of eighteen: which, in what order."""

from domain.choosing import choose
from domain.offer import Candidate
from domain.stay import Party
from tests.builders import a_candidate, a_hotel, a_party, eur, strict_terms

ROOMS = a_hotel().room_types


def shown(candidates: list[Candidate], party: Party | None = None) -> list[tuple[str, str, str]]:
    choices = choose(candidates, ROOMS, party or a_party())
    return [(one.kind.value, one.candidate.room_type, one.candidate.rate_plan) for one in choices]


def a_board(room_type: str, plan: str, price: str, board: str) -> Candidate:
    return a_candidate(room_type, plan, price, board=board)


def test_nothing_that_sells_is_no_choice() -> None:
    assert choose([], ROOMS, a_party()) == ()


def test_one_room_that_sells_is_one_choice_and_the_cheapest() -> None:
    assert shown([a_candidate()]) == [("cheapest", "STD", "UAI-FLEX")]


def test_the_cheapest_comes_first_then_the_best_fit_then_the_upgrade() -> None:
    candidates = [
        a_candidate("STD", "UAI-NREF", "180", cancellation=strict_terms()),
        a_candidate("FAM", "UAI-FLEX", "260"),
        a_candidate("FAMSV", "UAI-FLEX", "300"),
        a_candidate("VILLA", "UAI-FLEX", "900"),
    ]
    expected = [("cheapest", "STD", "UAI-NREF"), ("best_fit", "FAM", "UAI-FLEX"), ("upgrade", "FAMSV", "UAI-FLEX")]
    assert shown(candidates, a_party(2, 7, 4)) == expected


def test_among_equal_rooms_free_cancellation_beats_price_and_board_beats_price() -> None:
    cheap = a_board("STD", "HB-FLEX", "150", "HB")
    flexible = a_candidate("STDSV", "UAI-FLEX", "240")
    strict = a_candidate("STDSV", "UAI-NREF", "200", cancellation=strict_terms())
    half = a_board("STDSV", "HB-FLEX", "180", "HB")
    assert shown([cheap, strict, half, flexible])[1] == ("best_fit", "STDSV", "UAI-FLEX")


def test_an_upgrade_is_a_better_room_on_the_same_plan() -> None:
    base = [a_board("STD", "HB-FLEX", "150", "HB"), a_candidate("STD", "UAI-FLEX", "200")]
    other_plan, same_plan = a_board("STDSV", "HB-FLEX", "170", "HB"), a_candidate("STDSV", "UAI-FLEX", "220")
    assert [kind for kind, _, _ in shown([*base, other_plan])] == ["cheapest", "best_fit"]
    assert shown([*base, other_plan, same_plan])[-1] == ("upgrade", "STDSV", "UAI-FLEX")


def test_an_upgrade_beyond_the_bearable_premium_is_not_shown() -> None:
    dear, bearable = a_candidate("VILLA", price="361"), a_candidate("VILLA", price="360")
    base = [a_board("STD", "HB-FLEX", "150", "HB"), a_candidate("STD", price="200")]
    assert [kind for kind, _, _ in shown([*base, dear])] == ["cheapest", "best_fit"]
    assert shown([*base, bearable])[-1] == ("upgrade", "VILLA", "UAI-FLEX")


def test_equal_candidates_are_chosen_alike_in_any_order() -> None:
    candidates = [a_candidate("STD", plan, "200") for plan in ("UAI-FLEX", "UAI-B", "UAI-A")]
    candidates += [a_candidate("STDSV", plan, "200") for plan in ("UAI-FLEX", "UAI-B", "UAI-A")]
    assert shown(candidates) == shown(candidates[::-1])


def test_choices_are_numbered_from_one() -> None:
    choices = choose([a_candidate("STD"), a_candidate("STDSV", total=eur(1500))], ROOMS, a_party())
    assert [one.number for one in choices] == list(range(1, len(choices) + 1))
