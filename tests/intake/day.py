"""A day at the hotel: guests who write, call and fill in forms, as the deliveries their providers would make.

Drawn from a seed. Some guests have a number, some a user id, many both (not always from their first message on); two
share a number; some come back after days. Every delivery comes within minutes of what it tells of, some a second and
third time, in one body or several.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from integration.ports.channels import Delivery
from tests.intake.reception import MIDNIGHT, WEB_KEY, Writer, message, ring, signed, webhook

SAID = (
    "Merhaba, temmuzda aile odası var mı?",
    "Rezervasyonumu İPTAL etmek istiyorum, çok acil!",
    "Hello, is the pool heated? 🏊",
    "Ich möchte stornieren",
    "Здравствуйте, сколько стоит номер на двоих?",
    "ışıklı oda İSTERİM",
    "ok",
    "Klima bozuk, şikayetim var",
)


@dataclass(frozen=True)
class Sent:
    """A delivery and the hook it comes to."""

    hook: str
    delivery: Delivery


def form(number: str, data: dict[str, Any], at: datetime) -> Delivery:
    """A web form's lead, signed as Standard Webhooks are."""
    content = {"type": "lead.created", "timestamp": at.isoformat(), "data": data}
    body = json.dumps(content, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(WEB_KEY.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": number, "webhook-timestamp": stamp, "webhook-signature": f"v1,{mark}"}
    return Delivery(body, {**headers, "content-type": "application/json"}, "https://hotel.example/hooks/form", at)


def _guest(draw: Random, number: int) -> Writer:
    kind = draw.random()
    phone = f"+90532{number:07d}"
    user = f"TR.{number:010d}"
    if kind < 0.15:
        return Writer("", user, f"Gast {number}")
    if kind < 0.3:
        return Writer(phone, "", f"Misafir {number}")
    return Writer(phone, user, f"Гость {number}")


def a_day(seed: int, count: int, days: int = 5) -> list[Sent]:
    """About `count` deliveries, in the order in which they came, repetitions included."""
    draw = Random(seed)
    guests = [_guest(draw, number) for number in range(max(4, count // 12))]
    guests[1] = replace(guests[1], number="+905320999999", user="TR.0000000001")
    guests[2] = replace(guests[2], number="+905320999999", user="TR.0000000002")
    guests[3] = Writer("+905320999999", "", "")
    found: list[Sent] = []
    number = 0
    while len(found) < count:
        number += 1
        at = MIDNIGHT + timedelta(seconds=int(draw.random() * days * 86_400))
        found += _contact(draw, draw.choice(guests), at, number)
    return sorted(found, key=lambda one: one.delivery.received_at)


def _contact(draw: Random, guest: Writer, at: datetime, number: int) -> Iterator[Sent]:
    kind = draw.random()
    if kind < 0.2 and guest.number:
        yield from _call(draw, guest, at, number)
        return
    if kind < 0.3:
        data = {"name": guest.name, "phone": guest.number, "email": f"g{number % 7}@example.com", "adults": 2}
        told = {name: value for name, value in data.items() if value}
        sent = Sent("form", form(f"lead-{number}", told, at))
        yield from _again(draw, sent)
        return
    seen = guest if draw.random() < 0.7 or not guest.user else replace(guest, number="")
    written = [
        (seen, message(seen, draw.choice(SAID), at + timedelta(seconds=later), f"wamid.{number}.{later}"))
        for later in range(draw.choice((1, 1, 1, 2, 3)))
    ]
    yield from _again(draw, Sent("whatsapp", signed(webhook(*written), at + timedelta(seconds=5))))


def _call(draw: Random, guest: Writer, at: datetime, number: int) -> Iterator[Sent]:
    call, answered = f"call-{number}", draw.random() < 0.6
    user = draw.choice(({"user": "101"}, {"user": "102"}, {}))
    yield from _again(draw, Sent("exchange", ring("newCall", call, guest.number, at, **user)))
    if answered:
        step = ring("answer", call, guest.number, at + timedelta(seconds=9), answeringNumber="101")
        yield from _again(draw, Sent("exchange", step))
    cause = "normalClearing" if answered else "cancel"
    step = ring("hangup", call, guest.number, at + timedelta(seconds=60), cause=cause)
    yield from _again(draw, Sent("exchange", step))


def _again(draw: Random, sent: Sent) -> Iterator[Sent]:
    """Once, and sometimes again: minutes later, as providers repeat what was answered too late."""
    yield sent
    while draw.random() < 0.15:
        later = sent.delivery.received_at + timedelta(minutes=draw.choice((0, 1, 30)))
        yield replace(sent, delivery=replace(sent.delivery, received_at=later, is_proven=sent.hook == "form"))
