"""A hotel with hooks: WhatsApp, a telephone system and a web form deliver to a desk of fakes.

Bodies have the providers' real shapes and are signed, so that a test goes the whole way: door, store, intake, cases.
`digest` is what must not depend on the order in which things came: every case by its content, without our numbers.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from domain.case import Case, CaseId
from domain.contact import Channel
from integration.adapters.calendars import ServiceCalendars
from integration.adapters.channels.cti import NeutralCti
from integration.adapters.channels.web import WebWire
from integration.adapters.channels.whatsapp import WhatsApp
from integration.ports.channels import Delivery, Received
from integration.ports.hooks import Hook
from integration.ports.queue_records import CaseEvent, CaseWish, StoredMessage
from integration.ports.store import ReadTx, Store, Tx
from integration.usecases.contacts import in_order, number_of
from integration.usecases.desk import Desk
from integration.usecases.join_case import refold
from integration.usecases.take_delivery import AtTheDoor, take_delivery
from integration.usecases.take_in import Taken, take_pending
from integration.usecases.who_is_it import INTAKE
from scenarios.loader import load_hotel
from scenarios.service import service_rules
from tests.fakes.desk import Office, an_office

SECRET = "a-secret-of-this-test"
TOKEN = "0123456789abcdef0123"
WEB_KEY = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
PHONE_ID = "100000000000001"
MIDNIGHT = datetime(2027, 5, 3, 0, 0, tzinfo=UTC)
LARGEST = 10_000


@cache
def serving() -> ServiceCalendars:
    """Belek's own rules."""
    return ServiceCalendars({"BELEK1": service_rules(load_hotel("belek-resort"))})


def hooks() -> dict[str, Hook]:
    """One of each kind of proof."""
    extensions = {"101": "agent7", "102": "agent8"}
    whatsapp = WhatsApp.of([SECRET], "verify-me-please", "portfolio-1")
    web = WebWire.of(Channel.WEB_FORM, "site", [WEB_KEY])
    never = frozenset({"+902422222222"})
    found = [
        Hook("whatsapp", whatsapp, "BELEK1"),
        Hook("exchange", NeutralCti.of("exchange", [TOKEN]), "BELEK1", extensions=extensions, never_link=never),
        Hook("form", web, "BELEK1"),
    ]
    return {one.name: one for one in found}


@dataclass(frozen=True)
class Writer:
    """Somebody who writes on WhatsApp: by number, by user id, or both."""

    number: str = ""
    user: str = ""
    name: str = "Anna"


def message(writer: Writer, text: str, at: datetime, number: str, **more: Any) -> dict[str, Any]:
    """One message as it stands in a webhook."""
    sender = {"from": writer.number.removeprefix("+")} if writer.number else {}
    user = {"from_user_id": writer.user} if writer.user else {}
    stamp = str(int(at.timestamp()))
    return {**sender, **user, "id": number, "timestamp": stamp, "type": "text", "text": {"body": text}, **more}


def webhook(*written: tuple[Writer, dict[str, Any]], **value: Any) -> bytes:
    """A WhatsApp delivery."""
    contacts = []
    for writer in dict.fromkeys(one for one, _ in written):
        contact: dict[str, Any] = {"profile": {"name": writer.name}}
        if writer.number:
            contact["wa_id"] = writer.number.removeprefix("+")
        if writer.user:
            contact["user_id"] = writer.user
        contacts.append(contact)
    content = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "902420000000", "phone_number_id": PHONE_ID},
        "contacts": contacts,
        "messages": [one for _, one in written],
        **value,
    }
    entry = {"id": "200000000000001", "changes": [{"field": "messages", "value": content}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False).encode()


def signed(body: bytes, at: datetime, secret: str = SECRET) -> Delivery:
    """As Meta sends it."""
    mark = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={mark}"}
    return Delivery(body, headers, "https://hotel.example/hooks/whatsapp", at)


def ring(event: str, call: str, number: str, at: datetime, **more: str) -> Delivery:
    """A step of a call; `direction` in."""
    form = {"event": event, "callId": call, "from": number, "to": "02420000000", "direction": "in"}
    body = urlencode({**form, "timestamp": str(int(at.timestamp())), **more}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return Delivery(body, headers, f"https://hotel.example/hooks/exchange/{TOKEN}", at)


@dataclass
class Reception:
    """The office with its hooks."""

    office: Office
    desk: Desk
    numbers: int = 0
    points: list[str] = field(default_factory=list)

    def deliver(self, name: str, delivery: Delivery) -> AtTheDoor:
        """Through the door; the clock stands where the delivery comes."""
        if self.office.clock.now() < delivery.received_at:
            self.office.clock.set(delivery.received_at)
        return asyncio.run(take_delivery(self.desk, self.desk.hooks[name], delivery))

    def write(self, writer: Writer, text: str, at: datetime, number: str | None = None) -> str:
        """A message on WhatsApp; gives its number."""
        self.numbers += 1
        name = number or f"wamid.{self.numbers:06d}"
        self.deliver("whatsapp", signed(webhook((writer, message(writer, text, at, name))), at + timedelta(seconds=2)))
        return name

    def rings(self, event: str, call: str, number: str, at: datetime, **more: str) -> None:
        """A step of a call."""
        self.deliver("exchange", ring(event, call, number, at, **more))

    def take_in(self) -> list[Taken]:
        """All that is pending."""
        return asyncio.run(take_pending(self.desk, LARGEST))

    def read(self, work: Callable[[ReadTx], Any]) -> Any:
        return asyncio.run(self.desk.store.read(work))

    def change(self, case_id: CaseId, kind: str, document: Mapping[str, str] | None = None) -> Case:
        """Something done to a case by hand."""

        def work(tx: Tx) -> Case:
            event = CaseEvent(case_id, 0, self.office.clock.now(), kind, "agent7", document or {})
            tx.add_case_event(event)
            return refold(self.desk, tx, INTAKE, case_id)

        return asyncio.run(self.desk.store.transact(work))

    def cases(self) -> list[Case]:
        """All that stand, oldest first."""
        found: list[Case] = self.read(lambda tx: tx.list_cases(CaseWish(hotel_id="BELEK1"), LARGEST))
        return sorted(found, key=lambda case: (case.opened_at, case.case_id))

    def messages(self, case: Case) -> list[StoredMessage]:
        return in_order(self.read(lambda tx: tx.messages_of(case.case_id)))

    def texts(self) -> list[list[str]]:
        """What was written, by case."""
        return [[row.text for row in self.messages(case)] for case in self.cases()]


def a_reception(store: Store | None = None, wires: Mapping[str, Hook] | None = None) -> Reception:
    """A desk for Belek with hooks."""
    office = an_office()
    desk = replace(office.desk, serving=serving(), hooks=wires or hooks(), store=store or office.desk.store)
    return Reception(office, desk)


def digest(tx: ReadTx, cases: Iterable[Case]) -> str:
    """Of all cases by their content: none of our numbers, none of our clock's times."""
    lines = sorted(json.dumps(_content(tx, case), sort_keys=True, default=str) for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _content(tx: ReadTx, case: Case) -> dict[str, object]:
    rows = in_order(tx.messages_of(case.case_id))
    hidden = {"case_id", "opened_by", "guest_id", "version", "joined_into"}
    derived = {name: getattr(case, name) for name in Case.__slots__ if name not in hidden}
    contacts = [
        (
            *(number_of(row), row.at, row.received_at, row.text, row.sender, row.handle_kind, row.handle_value),
            {name: value for name, value in row.document.items() if name != "call_id"},
        )
        for row in rows
    ]
    return {**derived, "contacts": contacts}


def receive_only(wire: Any, delivery: Delivery) -> Received:
    found: Received = wire.receive(delivery)
    return found
