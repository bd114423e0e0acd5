"""The quote as an agent reads it: choices first, then what cannot be sold and why, other ways, and what to say.

Prices of other sellers stand last under a heading of their own: they are for the house and are never read out.
"""

from itertools import groupby

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from domain.availability import AlertLevel, Availability
from domain.offer import AlternativeKind, ChoiceKind
from integration.usecases.marks import N_

_LEVELS = {AlertLevel.RED: N_("RED"), AlertLevel.YELLOW: N_("YELLOW"), AlertLevel.GREEN: N_("GREEN")}
_CHECKS = {
    "valid": N_("valid for these dates"),
    "unknown": N_("not known"),
    "over": N_("is over"),
    "not_for_these_dates": N_("not valid for these dates"),
}


def quote(body: Body, t: Reader) -> Screen:
    """A quote or a stored offer."""
    screen: Screen = [_head(body, t)]
    if body["group_lead"]:
        screen.append(Text(t(N_("A group: passed on to the sales office, nothing is priced on the telephone."))))
    elif not body["choices"]:
        screen.append(Text(Tone(t(N_("Nothing can be sold as asked.")), "red")))
    screen += _choices(body["choices"], t)
    screen += _closed(body["closed"], t)
    screen += _alternatives(body["alternatives"], t)
    screen += _script(body["script"], t)
    screen += _notes(body, t)
    return screen + _house_only(body.get("house_only") or [], t)


def _head(body: Body, t: Reader) -> Facts:
    promo = body["promo"]
    return Facts(
        (
            (t(N_("Offer")), body["offer_id"]),
            (t(N_("Hotel")), body["hotel_id"]),
            (t(N_("Stay")), f"{t.day(body['check_in'])} – {t.day(body['check_out'])} ({body['nights']})"),
            (t(N_("Guests")), party(body, t)),
            (t(N_("Rooms")), body["rooms"]),
            (t(N_("Valid until")), t.instant(body["valid_until"], body["hotel_id"])),
            (t(N_("Promotion")), f"{promo['code']}: {t(_CHECKS[promo['check']])}" if promo else None),
            (t(N_("Requests")), ", ".join(body["requests"])),
            (t(N_("Call")), body["call_id"]),
        )
    )


def party(body: Body, t: Reader) -> str:
    """Adults and the ages of the children."""
    ages = ", ".join(map(str, body["child_ages"]))
    if not ages:
        return t(N_("adults: {adults}"), adults=body["adults"])
    return t(N_("adults: {adults}, children aged {ages}"), adults=body["adults"], ages=ages)


def _choices(choices: list[Body], t: Reader) -> Screen:
    if not choices:
        return []
    headers = t.words("#", "", N_("Room"), N_("Rate"), N_("Board"), N_("Total"), N_("Deposit"), N_("Free"))
    rows = tuple(
        (
            one["pick"], t.name(ChoiceKind(one["kind"])), f"{one['room_name']} ({one['room_type']})", one["rate_plan"],
            one["board_name"], t.money(one["total"]), t.money(one["deposit"]), one["available_rooms"],
        )
        for one in choices
    )  # fmt: skip
    return [Heading(t(N_("Choices"))), Table(headers, rows), *(block for one in choices for block in _choice(one, t))]


def _choice(one: Body, t: Reader) -> list[Block]:
    upsells = "; ".join(f"{extra['label']} {t.money(extra['price'])}" for extra in one["upsells"])
    facts = Facts(
        (
            (t(N_("Per night")), nightly(one["nightly"], t)),
            (t(N_("Package")), one["package"]),
            (t(N_("Cancellation")), one["cancellation_policy"]),
            (t(N_("Can be added")), upsells),
        )
    )
    return [Text(f"{one['pick']}. {one['room_name']}, {one['rate_name']}"), *_alerts(one["alerts"], t), facts]


def nightly(nights: list[Body], t: Reader) -> str:
    """Prices per night, equal ones together."""
    runs = [list(run) for _, run in groupby(nights, key=lambda one: one["price"]["amount"])]
    if len(runs) == 1:
        return t.money(runs[0][0]["price"])
    return "; ".join(f"{run[0]['night']} ×{len(run)}: {t.money(run[0]['price'])}" for run in runs)


def _alerts(alerts: list[Body], t: Reader) -> list[Block]:
    return [Text(_alert(one, t)) for one in alerts]


def _alert(one: Body, t: Reader) -> Tone:
    level = AlertLevel(one["level"])
    return Tone(f"{t(_LEVELS[level])}: {one['text']}", level.value)


def _closed(rooms: list[Body], t: Reader) -> Screen:
    rows = tuple(
        (
            f"{one['room_name']} ({one['room_type']})", one["rate_plan"] or t(N_("all rates")),
            t.name(Availability(one["availability"])), Tone(" ".join(alert["text"] for alert in one["alerts"]), "red"),
        )
        for one in rooms
    )  # fmt: skip
    headers = t.words(N_("Room"), N_("Rate"), N_("State"), N_("Why"))
    return [Heading(t(N_("Not for sale"))), Table(headers, rows)] if rows else []


def _alternatives(ways: list[Body], t: Reader) -> Screen:
    rows = tuple(
        (
            t.name(AlternativeKind(one["kind"])), one["hotel_id"], one["check_in"], one["check_out"], one["room_type"],
            one["rate_plan"], t.money(one["total"]),
        )
        for one in ways
    )  # fmt: skip
    headers = t.words("", N_("Hotel"), N_("Arrival"), N_("Departure"), N_("Room"), N_("Rate"), N_("Total"))
    return [Heading(t(N_("Other ways"))), Table(headers, rows)] if rows else []


def _script(lines: list[str], t: Reader) -> Screen:
    return [Heading(t(N_("Say"))), *(Text(f"» {line}") for line in lines)] if lines else []


def _notes(body: Body, t: Reader) -> Screen:
    rows = tuple((t.instant(one["at"], body["hotel_id"]), one["actor"], one["text"]) for one in body.get("notes", ()))
    return [Heading(t(N_("Notes"))), Table((t(N_("At")), t(N_("Who")), t(N_("Note"))), rows)] if rows else []


def _house_only(rates: list[Body], t: Reader) -> Screen:
    rows = tuple(
        (one["seller"], one["night"], one["room_type"], one["board"], t.money(one["price"]), one["seen_on"])
        for one in rates
    )
    headers = t.words(N_("Seller"), N_("Night"), N_("Room"), N_("Board"), N_("Price"), N_("Seen on"))
    return [Heading(t(N_("For the house only: other sellers' prices"))), Table(headers, rows)] if rows else []


def offers(body: Body, t: Reader) -> Screen:
    """A list of offers."""
    rows = tuple(
        (
            one["offer_id"], one["hotel_id"], one["check_in"], one["nights"], party(one, t), len(one["choices"]),
            t.money(one["choices"][0]["total"]) if one["choices"] else "",
            t.instant(one["valid_until"], one["hotel_id"]),
        )
        for one in body["offers"]
    )  # fmt: skip
    headers = t.words(
        N_("Offer"),
        N_("Hotel"),
        N_("Arrival"),
        N_("Nights"),
        N_("Guests"),
        N_("Choices"),
        N_("From"),
        N_("Valid until"),
    )
    return [Table(headers, rows) if rows else Text(t(N_("There are no offers.")))]


def imported(body: Body, t: Reader) -> Screen:
    """How many prices of other sellers are kept."""
    return [Text(t(N_("Prices of other sellers kept: {rows}."), rows=body["ok"]))]
