"""Sentences people read or say: cancellation terms and script lines here, alerts and labels in the modules beside it.

Pure; only the Phrases port is asked. A sentence is put together so that it stays right in every language: what is
charged is a phrase that always stands in the same place of its sentence (German accusative, Russian nominative),
Turkish puts a noun behind every figure so that no suffix hangs on it, and counts go through the catalogue's plurals.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial

from domain.hotel import ScriptLine
from domain.money import Money
from domain.rates import CancellationTerms, NightPrice, PenaltyBasis
from domain.stay import StayDates
from integration.ports.surroundings import Phrases
from integration.usecases.alert_lines import alert_text
from integration.usecases.labels import board_label, label, state_label
from integration.usecases.marks import N_, N_n, names_in, written
from integration.usecases.remembering import ByObject

__all__ = ["alert_text", "board_label", "cancellation_sentence", "fill_script", "label", "state_label"]
_WHOLE = Decimal(100)


@lru_cache(maxsize=1024)
def cancellation_sentence(
    phrases: Phrases,
    language: str,
    terms: CancellationTerms,
    stay: StayDates,
    nightly: tuple[NightPrice, ...],
    now_day: date,
) -> str:
    """Say the terms in one sentence, with the amounts of this stay; remembered, as many ask about the same week.

    `nightly`: price of each night for the whole booking, arrival first; `now_day`: the hotel's day of reading.
    """
    prices = tuple(one.price for one in nightly)
    last_free = terms.free_until(stay.check_in)
    charge = terms.penalty(prices, stay.check_in, (last_free or stay.check_in) + timedelta(days=1))
    absent = terms.no_show_penalty(prices)
    params: dict[str, object] = {"fee": _fee(phrases, language, terms, prices, charge)}
    is_told = absent.amount > 0 and absent != charge
    if is_told:
        params["absent"] = _share(phrases, language, terms.no_show_percent, absent)
    if last_free is not None:
        params["day"] = phrases.day(language, last_free)
    return phrases.say(language, _frame(terms, charge, now_day, stay)[is_told], params)


def _frame(terms: CancellationTerms, charge: Money, now_day: date, stay: StayDates) -> tuple[str, str]:
    """The sentence without and with what a guest owes who never comes."""
    last_free = terms.free_until(stay.check_in)
    if charge.amount == 0:
        return _FREE
    if last_free is None:
        return _NEVER
    return _UNTIL if now_day <= last_free else _OVER


_FREE = (
    N_("You can cancel free of charge at any time before arrival."),
    N_("You can cancel free of charge at any time before arrival; if you do not arrive, we charge {absent}."),
)
_NEVER = (
    N_("This rate cannot be cancelled free of charge: if you cancel, we charge {fee}."),
    N_("This rate cannot be cancelled free of charge: if you cancel, we charge {fee}; if you do not arrive, {absent}."),
)
_UNTIL = (
    N_("You can cancel free of charge up to and including {day}; after that we charge {fee}."),
    N_(
        "You can cancel free of charge up to and including {day}; after that we charge {fee},"
        " and if you do not arrive, {absent}."
    ),
)
_OVER = (
    N_("Free cancellation is no longer possible: if you cancel, we charge {fee}."),
    N_("Free cancellation is no longer possible: if you cancel, we charge {fee}; if you do not arrive, {absent}."),
)


def _fee(phrases: Phrases, language: str, terms: CancellationTerms, prices: tuple[Money, ...], charge: Money) -> str:
    """Name what is charged: nights, a share, or the whole stay."""
    if terms.penalty_basis is PenaltyBasis.PERCENT:
        return _share(phrases, language, terms.penalty_value, charge)
    nights = int(terms.penalty_value)
    if nights >= len(prices):
        return _share(phrases, language, _WHOLE, charge)
    if nights == 1:
        return phrases.say(language, "the first night ({money})", {"money": charge})
    one, many = _FIRST_NIGHTS
    return phrases.say_n(language, one, many, nights, {"money": charge})


_FIRST_NIGHTS = N_n("the first {n} night ({money})", "the first {n} nights ({money})")


def _share(phrases: Phrases, language: str, percent: Decimal, charge: Money) -> str:
    if percent == _WHOLE:
        return phrases.say(language, "the whole stay ({money})", {"money": charge})
    written = phrases.number(language, percent.normalize() + 0)
    return phrases.say(language, "{percent}% of the price ({money})", {"percent": written, "money": charge})


_LINES: Mapping[str, str] = {
    "greeting": N_("Welcome to {hotel}, this is {agent_name} speaking. How may I help you?"),
    "repeat_guest": N_("Welcome back, {guest_name}. It is good to hear from you again."),
    "need": N_("When would you like to come, and how many of you will there be?"),
    "offer": N_("{room_type}, {board}, from {check_in} to {check_out}: {total} in total."),
    "package": N_("The price includes: {package}."),
    "min_stay": N_("On these dates the minimum stay in nights is {min_stay}."),
    "few_left": N_("Rooms of this type that are still free: only {available_rooms}."),
    "alternative": N_("On these dates we are full. May I suggest other dates?"),
    "closed": N_("On these dates we are full. May I suggest other dates?"),
    "close": N_("May I hold the room for you? The price is valid until {valid_until}."),
}


def fill_script(
    phrases: Phrases,
    language: str,
    lines: Iterable[ScriptLine],
    values: Mapping[str, object],
    moments: Iterable[str] = ("offer",),
) -> tuple[str, ...]:
    """Give the lines to be said at `moments`, in that order, filled.

    A moment without a line in the language takes the hotel's English ones, then the house's own. A line that needs a
    value which `values` lacks (or holds as None) is left out, so that no brace is ever read aloud.
    """
    own, said = tuple(lines), list[str | None]()
    for moment in moments:
        texts = _found.get((phrases, own), (language, moment), partial(_texts, phrases, language, own, moment))
        said += [_filled(phrases, language, text, values) for text in texts]
    return tuple([line for line in said if line is not None])


_found: ByObject[list[str]] = ByObject(512)


def _texts(phrases: Phrases, language: str, lines: tuple[ScriptLine, ...], moment: str) -> list[str]:
    for wanted in (language, "en"):
        found = [line.text for line in lines if line.moment == moment and line.language == wanted]
        if found:
            return found
    return [phrases.say(language, _LINES[moment])] if moment in _LINES else []


def _filled(phrases: Phrases, language: str, text: str, values: Mapping[str, object]) -> str | None:
    """The line with its values; None when one is missing or a brace is no placeholder."""
    try:
        needed = {name: values.get(name) for name in names_in(text)}
    except ValueError:
        return None
    return None if None in needed.values() else text.format(**written(phrases, language, needed))
