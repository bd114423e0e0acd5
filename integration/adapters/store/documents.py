"""The JSON documents of an offer and of a reservation, apart from the domain classes they hold.

Stored documents outlive the classes of today, so their shape is written down here and a new field gets a default.
Nightly prices are stored as **runs**: a currency, a first night and one amount in minor units per night that follows;
a week is one run. msgspec encodes these structs in C; what Python does per night is one comparison and one addition.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from domain.availability import Alert, AlertCode, AlertLevel, Availability
from domain.money import Money
from domain.offer import Alternative, AlternativeKind, Candidate, Choice, ChoiceKind, ClosedRoom, Offer, Upsell
from domain.rates import CancellationTerms, NightPrice, PenaltyBasis
from integration.adapters.store.scalars import minor, money, stay
from integration.usecases.remembering import ByObject


class Run(msgspec.Struct, array_like=True):
    """Prices of nights that follow each other: currency, day number of the first (proleptic), minor units per night."""

    currency: str
    first: int
    amounts: list[int]


class Terms(msgspec.Struct, omit_defaults=True):
    """Cancellation terms; decimals as text."""

    basis: PenaltyBasis
    value: Decimal
    free_until_days: int | None = None
    no_show_percent: Decimal = Decimal(100)


class Sum(msgspec.Struct, array_like=True):
    """An amount in minor units, and its currency."""

    minor: int
    currency: str


class AlertDocument(msgspec.Struct, array_like=True):
    """Colour, code, parameters."""

    level: AlertLevel
    code: AlertCode
    params: tuple[tuple[str, str | int], ...] = ()


class UpsellDocument(msgspec.Struct, array_like=True):
    """Code and price; what it is called is the hotel file's to say."""

    code: str
    price: Sum


class ChoiceDocument(msgspec.Struct, omit_defaults=True):
    """A choice and its candidate in one."""

    number: int
    kind: ChoiceKind
    room_type: str
    rate_plan: str
    rate_code: str
    board: str
    nightly: list[Run]
    total: Sum
    deposit: Sum
    available_rooms: int
    availability: Availability
    cancellation: Terms
    package: str | None = None
    alerts: list[AlertDocument] = []
    upsells: list[UpsellDocument] = []


class ClosedDocument(msgspec.Struct, omit_defaults=True):
    """A room type that cannot be sold, and why."""

    room_type: str
    availability: Availability
    rate_plan: str | None = None
    alerts: list[AlertDocument] = []


class AlternativeDocument(msgspec.Struct, omit_defaults=True):
    """A way out."""

    kind: AlternativeKind
    hotel_id: str
    check_in: str
    check_out: str
    room_type: str | None = None
    rate_plan: str | None = None
    total: Sum | None = None


class OfferDocument(msgspec.Struct, omit_defaults=True):
    """The part of an offer that is only read back whole."""

    choices: list[ChoiceDocument]
    closed: list[ClosedDocument] = []
    alternatives: list[AlternativeDocument] = []


_encode = msgspec.json.Encoder().encode
_offer = msgspec.json.Decoder(OfferDocument).decode
_terms = msgspec.json.Decoder(Terms).decode
_runs = msgspec.json.Decoder(list[Run]).decode


def _to_runs(nightly: Iterable[NightPrice]) -> list[Run]:
    runs: list[Run] = []
    currency, due, amounts = "", -1, list[int]()
    for one in nightly:
        day, price = one.night.toordinal(), one.price
        if day != due or price.currency != currency:
            currency, amounts = price.currency, []
            runs.append(Run(currency, day, amounts))
        amounts.append(minor(price))
        due = day + 1
    return runs


def _from_runs(runs: list[Run]) -> tuple[NightPrice, ...]:
    return tuple(
        NightPrice(date.fromordinal(run.first + later), money(minor, run.currency))
        for run in runs
        for later, minor in enumerate(run.amounts)
    )


def _to_sum(amount: Money) -> Sum:
    return Sum(minor(amount), amount.currency)


def _from_sum(amount: Sum) -> Money:
    return money(amount.minor, amount.currency)


def _to_terms(terms: CancellationTerms) -> Terms:
    return Terms(terms.penalty_basis, terms.penalty_value, terms.free_until_days, terms.no_show_percent)


def _from_terms(terms: Terms) -> CancellationTerms:
    return CancellationTerms(terms.free_until_days, terms.basis, terms.value, terms.no_show_percent)


def _to_alerts(alerts: tuple[Alert, ...]) -> list[AlertDocument]:
    return [AlertDocument(one.level, one.code, one.params) for one in alerts]


def _from_alerts(alerts: list[AlertDocument]) -> tuple[Alert, ...]:
    return tuple(Alert(one.level, one.code, one.params) for one in alerts)


def _to_choice(choice: Choice) -> ChoiceDocument:
    room = choice.candidate
    return ChoiceDocument(
        number=choice.number,
        kind=choice.kind,
        room_type=room.room_type,
        rate_plan=room.rate_plan,
        rate_code=room.rate_code,
        board=room.board,
        nightly=_to_runs(room.nightly),
        total=_to_sum(room.total),
        deposit=_to_sum(room.deposit),
        available_rooms=room.available_rooms,
        availability=room.availability,
        cancellation=_to_terms(room.cancellation),
        package=room.package,
        alerts=_to_alerts(room.alerts),
        upsells=[UpsellDocument(one.code, _to_sum(one.price)) for one in choice.upsells],
    )


def _from_choice(document: ChoiceDocument) -> Choice:
    candidate = Candidate(
        room_type=document.room_type,
        rate_plan=document.rate_plan,
        rate_code=document.rate_code,
        board=document.board,
        package=document.package,
        nightly=_from_runs(document.nightly),
        total=_from_sum(document.total),
        available_rooms=document.available_rooms,
        availability=document.availability,
        alerts=_from_alerts(document.alerts),
        cancellation=_from_terms(document.cancellation),
        deposit=_from_sum(document.deposit),
    )
    upsells = tuple(Upsell(one.code, _from_sum(one.price)) for one in document.upsells)
    return Choice(document.number, document.kind, candidate, upsells)


def _to_alternative(way: Alternative) -> AlternativeDocument:
    return AlternativeDocument(
        way.kind,
        way.hotel_id,
        way.stay.check_in.isoformat(),
        way.stay.check_out.isoformat(),
        way.room_type,
        way.rate_plan,
        None if way.total is None else _to_sum(way.total),
    )


def _from_alternative(document: AlternativeDocument) -> Alternative:
    return Alternative(
        document.kind,
        document.hotel_id,
        stay(document.check_in, document.check_out),
        document.room_type,
        document.rate_plan,
        None if document.total is None else _from_sum(document.total),
    )


_texts: ByObject[str] = ByObject()


def offer_text(offer: Offer) -> str:
    """Choices, closed rooms and alternatives of an offer as JSON."""
    return _texts.get((offer.choices, offer.closed, offer.alternatives), None, lambda: _offer_text(offer))


def _offer_text(offer: Offer) -> str:
    document = OfferDocument(
        [_to_choice(one) for one in offer.choices],
        [
            ClosedDocument(one.room_type, one.availability, one.rate_plan, _to_alerts(one.alerts))
            for one in offer.closed
        ],
        [_to_alternative(one) for one in offer.alternatives],
    )
    return _encode(document).decode()


def offer_parts(text: str) -> tuple[tuple[Choice, ...], tuple[ClosedRoom, ...], tuple[Alternative, ...]]:
    """Choices, closed rooms and alternatives from the JSON."""
    document = _offer(text)
    closed = tuple(
        ClosedRoom(one.room_type, one.rate_plan, one.availability, _from_alerts(one.alerts)) for one in document.closed
    )
    return (
        tuple(map(_from_choice, document.choices)),
        closed,
        tuple(map(_from_alternative, document.alternatives)),
    )


def nightly_text(nightly: tuple[NightPrice, ...]) -> str:
    """Nightly prices as JSON runs."""
    return _encode(_to_runs(nightly)).decode()


def nightly_prices(text: str) -> tuple[NightPrice, ...]:
    """Nightly prices from JSON runs."""
    return _from_runs(_runs(text))


def terms_text(terms: CancellationTerms) -> str:
    """Cancellation terms as JSON."""
    return _encode(_to_terms(terms)).decode()


def cancellation_terms(text: str) -> CancellationTerms:
    """Cancellation terms from JSON."""
    return _from_terms(_terms(text))
