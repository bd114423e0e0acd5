"""Parts of a rehearsal that are broken on purpose."""

from dataclasses import replace
from functools import partial
from typing import Any

from domain.hotel import HotelTerms
from domain.reservation import PmsRef
from integration.adapters.ohip.asgi import AsgiApp
from integration.ports.pms import BookingDraft, Deposit, Pms, PmsBooking


class _Wrapped:
    """Passes everything on."""

    def __init__(self, pms: Pms) -> None:
        self.pms = pms

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pms, name)


class SendsTwice(_Wrapped):
    """A client that sends every tenth booking again, as a library does that repeats what it has lost."""

    sent = 0

    async def create_booking(self, hotel: HotelTerms, draft: BookingDraft) -> PmsRef:
        self.sent += 1
        first = await self.pms.create_booking(hotel, draft)
        if self.sent % 10 == 0:
            await self.pms.create_booking(hotel, draft)
        return first


class PaysTwice(_Wrapped):
    """A client that posts every deposit twice."""

    async def post_deposit(
        self, hotel: HotelTerms, pms_ref: PmsRef, deposit: Deposit, payment_method: str, guarantee_code: str | None
    ) -> None:
        await self.pms.post_deposit(hotel, pms_ref, deposit, payment_method, guarantee_code)
        await self.pms.post_deposit(hotel, pms_ref, deposit, payment_method, guarantee_code)


class Blind(_Wrapped):
    """For the sweep: what the hotel has made of a record is never seen."""

    async def read_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> PmsBooking | None:
        booking = await self.pms.read_booking(hotel, pms_ref)
        return replace(booking, guarantee_code="HOLD") if booking is not None else None


class CancelsNothing(_Wrapped):
    """For the sweep: the room is not given back."""

    async def cancel_booking(self, *_what: object) -> None:
        pass


def without_a_guard(app: AsgiApp) -> AsgiApp:
    """A hotel that takes every booking, whether the room is there or not."""
    return partial(_forced, app)


async def _forced(app: AsgiApp, scope: Any, receive: Any, send: Any) -> None:
    if scope["method"] != "POST" or not scope["path"].endswith("/reservations"):
        await app(scope, receive, send)
        return
    message = await receive()
    body = message["body"].replace(b'"reservation":[{', b'"reservation":[{"overrideInventoryCheck":true,', 1)
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    sent = {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
    messages = iter([{**message, "body": body}])

    async def again() -> Any:
        return next(messages, {"type": "http.disconnect"})

    await app(sent, again, send)
