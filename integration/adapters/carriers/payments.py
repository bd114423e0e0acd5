"""Payment links by iyzico (iyzilink) and PayTR (link API), and the question what became of a payment.

iyzico signs each request (`IYZWSv2`) over a random key, the path and the body; `conversationId` is ours. That the list
of links shows it is inferred: a lost link is found by it, and is absent only when the list is whole and every link
in it shows one; else a person is asked. PayTR signs chosen fields with its merchant key and salt; `callback_id` is
ours. It has no list: but a link nobody was told of cannot be paid, so one that was lost may be made again without
harm to anybody, and `look_up` says so. Both are asked again before a payment counts (`ask`); PayTR's amounts count
hundredths when a link is made, and are decimal when it answers.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from domain.contact import Channel
from domain.money import Money
from integration.adapters.carriers.line import FORM, JSON, Headers, Line, encoded, object_in, part_of
from integration.ports.outbound import Accepted, Looked, MaybeTaken, NotSent, NotTaken, Payment, PaymentState
from integration.ports.queue_records import Outgoing

_LINKS, _DETAIL = "/v2/iyzilink/products", "/payment/detail"
_PAGE = 100
_NO_SUCH = frozenset({"5062", "5088", "004"})
_CURRENCIES = {"TRY": "TL"}
_ISTANBUL = ZoneInfo("Europe/Istanbul")


def _name(one: Outgoing) -> str:
    return f"Reservation {one.document.get('reservation_id', '')}"


def _money(amount: object, currency: object) -> Money | None:
    try:
        known = {ours: theirs for theirs, ours in _CURRENCIES.items()}
        return Money(Decimal(str(amount)), known.get(str(currency), str(currency)))
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class IyzicoLinks:
    """`random_key`: fresh for every request."""

    line: Line
    api_key: str
    secret: str = field(repr=False)
    random_key: Callable[[], str]
    channel: Channel = Channel.PAYMENT

    async def send(self, one: Outgoing) -> Accepted:
        """Make a link."""
        body = encoded(
            {
                "locale": "tr" if one.document.get("language") == "tr" else "en",
                "conversationId": one.outbox_id,
                "name": _name(one),
                "description": _name(one),
                "price": str(one.document["amount"]),
                "currencyCode": str(one.document["currency"]),
                "addressIgnorable": True,
                "installmentRequested": False,
                "stockEnabled": True,
                "stockCount": 1,
            }
        )
        found = object_in(await self.line.send("POST", _LINKS, (*self._signed(_LINKS, body), JSON), body))
        if found.get("status") == "failure":
            raise NotTaken(f"code_{found.get('errorCode', '')}")
        link = _link(part_of(found, "data"))
        if link is None:
            raise MaybeTaken("answer_unreadable")
        return link

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        """Our number among the links."""
        path = f"{_LINKS}?page=1&count={_PAGE}"
        found = object_in(await self.line.ask("GET", path, self._signed(_LINKS, b"")))
        rows = part_of(found, "data", "items")
        if found.get("status") != "success" or not isinstance(rows, list):
            raise NotSent("answer_unreadable")
        numbers = [part_of(row, "conversationId") for row in rows]
        if one.outbox_id in numbers:
            return _link(rows[numbers.index(one.outbox_id)]) or Looked.SILENT
        return Looked.ABSENT if all(numbers) and len(rows) < _PAGE else Looked.SILENT

    async def ask(self, payment_id: str, reference: str) -> Payment:
        """What became of a payment."""
        body = encoded({"locale": "en", "conversationId": reference, "paymentId": payment_id})
        found = object_in(await self.line.ask("POST", _DETAIL, (*self._signed(_DETAIL, body), JSON), body))
        if found.get("status") != "success":
            raise _unknown_payment(str(found.get("errorCode", "")))
        is_paid = found.get("paymentStatus") == "SUCCESS"
        state = PaymentState.PAID if is_paid else PaymentState.FAILED
        amount = _money(found.get("price"), found.get("currency"))
        return Payment(payment_id, state, str(found.get("conversationId", "")), amount)

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()

    def _signed(self, path: str, body: bytes) -> Headers:
        rnd = self.random_key()
        mark = hmac.new(self.secret.encode(), f"{rnd}{path}".encode() + body, hashlib.sha256).hexdigest()
        given = f"apiKey:{self.api_key}&randomKey:{rnd}&signature:{mark}"
        return (("authorization", f"IYZWSv2 {base64.b64encode(given.encode()).decode()}"), ("x-iyzi-rnd", rnd))


def _link(data: Mapping[str, Any] | None) -> Accepted | None:
    token, url = part_of(data or {}, "token"), part_of(data or {}, "url")
    return Accepted(token, facts={"url": url}) if isinstance(token, str) and isinstance(url, str) else None


def _unknown_payment(code: str) -> NotTaken | NotSent:
    return NotTaken("payment_unknown") if code in _NO_SUCH else NotSent(f"code_{code}")


@dataclass(frozen=True, slots=True)
class PayTrLinks:
    """`callback_url`: where its notices come to."""

    line: Line
    merchant: str
    key: str = field(repr=False)
    salt: str = field(repr=False)
    callback_url: str = ""
    channel: Channel = Channel.PAYMENT

    async def send(self, one: Outgoing) -> Accepted:
        """Make a link that can be paid once, until it ends."""
        currency = str(one.document["currency"])
        form = {
            "name": _name(one),
            "price": str(int(Decimal(str(one.document["amount"])) * 100)),
            "currency": _CURRENCIES.get(currency, currency),
            "max_installment": "1",
            "link_type": "product",
            "lang": "tr" if one.document.get("language") == "tr" else "en",
            "min_count": "1",
        }
        token = self._token("".join(form.values()) + self.salt)
        until = datetime.fromisoformat(str(one.document["expires_at"])).astimezone(_ISTANBUL)
        more = {
            "merchant_id": self.merchant,
            "max_count": "1",
            "expiry_date": until.strftime("%Y-%m-%d %H:%M:%S"),
            "callback_link": self.callback_url,
            "callback_id": one.outbox_id,
            "paytr_token": token,
        }
        sent = urlencode({**form, **more}).encode()
        found = object_in(await self.line.send("POST", "/odeme/api/link/create", (FORM,), sent))
        if found.get("status") == "error":
            raise NotTaken(f"code_{found.get('err_no', '')}")
        number, url = found.get("id"), found.get("link")
        if not isinstance(number, str) or not isinstance(url, str):
            raise MaybeTaken("answer_unreadable")
        return Accepted(number, facts={"url": url})

    async def look_up(self, _one: Outgoing) -> Accepted | Looked:
        """There is no list of links; nobody was told of one that was lost."""
        return Looked.ABSENT

    async def ask(self, payment_id: str, reference: str) -> Payment:
        """What became of an order; `reference_no` is not promised, so the reference is the one that was proven."""
        token = self._token(f"{self.merchant}{payment_id}{self.salt}")
        form = urlencode({"merchant_id": self.merchant, "merchant_oid": payment_id, "paytr_token": token}).encode()
        found = object_in(await self.line.ask("POST", "/odeme/durum-sorgu", (FORM,), form))
        if found.get("status") != "success":
            raise _unknown_payment(str(found.get("err_no", "")))
        amount = _money(found.get("payment_amount"), found.get("currency"))
        return Payment(payment_id, PaymentState.PAID, reference, amount)

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()

    def _token(self, text: str) -> str:
        return base64.b64encode(hmac.new(self.key.encode(), text.encode(), hashlib.sha256).digest()).decode()
