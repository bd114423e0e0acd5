"""Calls to the PMS and what their failures mean.

A **read** may be repeated: it is, twice at most, with growing pauses, inside one time limit. A **write** is sent
once. Only one answer allows a second sending: 401, which says that the token was refused before the request was read;
then it goes out once more with a new token, and that is logged. What a write's failure means
(docs/algorithms/exactly-once.md):

    no connection; 401 twice, 403, 429;
    breaker open (`integration.adapters.breaker`)  PmsUnavailable  nothing happened, may be sent again later
    other 4xx                                  PmsRejected          the PMS said no
    time limit, reset, 408, any 5xx, 3xx       PmsOutcomeUnknown    look before anything else is done
    2xx that cannot be read                    PmsOutcomeUnknown

A read that is lost (time limit, reset) and 502, 503 and 504 on a read are PmsUnavailable; an unreadable answer is a
PmsProtocolError; 204 is "none".
No exception text and no log line holds the PMS's own sentences or anything that was sent: they may name a guest.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Protocol, TypeVar

import msgspec

from domain.hotel import HotelTerms
from integration.adapters.breaker import SILENT, Breakers
from integration.adapters.ohip.failures import (
    CODE,
    PAUSE_WITHOUT_ADVICE_S,
    rejected,
    seconds_in,
    unanswered,
    unknown,
    unreachable,
)
from integration.adapters.ohip.repeats import LEAST_TIME_S, Again, attempts_after
from integration.adapters.ohip.tokens import Tokens
from integration.adapters.ohip.transport import (
    AnswerLost,
    Headers,
    NeverLeft,
    Reply,
    Transport,
    TransportError,
    injected_in,
)
from integration.adapters.ohip.wire import Receipt
from integration.adapters.rate_share import RateShares
from integration.errors import PmsError, PmsProtocolError, PmsUnavailable
from integration.ports.surroundings import Clock
from integration.ports.timing import add_pms_time

T = TypeVar("T", bound=msgspec.Struct)
OnCall = Callable[[str, float, str], None]

_receipt = msgspec.json.Decoder(Receipt)


class EventLog(Protocol):
    """What is needed of a structured log: an event's name and its ids and codes."""

    def warning(self, event: str, **fields: object) -> object: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Longest duration of a whole read (repeats included) and of one write, in seconds."""

    read_s: float = 5.0
    write_s: float = 10.0


class OhipClient:
    """One PMS address and one set of credentials, for all hotels behind them."""

    def __init__(
        self,
        transport: Transport,
        tokens: Tokens,
        *,
        limits: Limits,
        shares: RateShares,
        breakers: Breakers,
        clock: Clock,
        log: EventLog,
        on_call: OnCall | None = None,
    ) -> None:
        """`on_call(operation, seconds, outcome)` is told of every request that went out."""
        self._transport = transport
        self._tokens = tokens
        self._limits = limits
        self._shares = shares
        self._breakers = breakers
        self._clock = clock
        self._log = log
        self._on_call = on_call
        self._headers: dict[tuple[str, str, bool], Headers] = {}

    def now(self) -> datetime:
        """The clock's time, for callers that need the hotel's day."""
        return self._clock.now()

    async def read(self, hotel: HotelTerms, operation: str, path: str, decoder: "msgspec.json.Decoder[T]") -> T | None:
        """GET and decode; None for 204. Raises PmsUnavailable, PmsRejected, PmsProtocolError."""
        deadline = asyncio.get_running_loop().time() + self._limits.read_s
        with self._breakers.of(hotel).passage(is_write=False):
            try:
                reply = await self._read_once(hotel, operation, path, deadline)
            except Again as first:
                reply = await self._read_again(hotel, operation, path, deadline, first)
        if reply.status == 204:  # noqa: PLR2004 - HTTP's "no content"
            return None
        try:
            answer = decoder.decode(reply.body)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise self._unreadable(operation, error) from None
        self._tell_warnings(operation, getattr(answer, "warnings", ()))
        return answer

    async def _read_again(self, hotel: HotelTerms, operation: str, path: str, deadline: float, first: Again) -> Reply:
        """Repeat with pauses, counting the try that failed as the first, unless the hotel's PMS is given up."""
        breaker = self._breakers.of(hotel)
        try:
            async for attempt in attempts_after(deadline, lambda: breaker.down_since is not None):
                with attempt:
                    if attempt.num == 1:
                        raise first
                    return await self._read_once(hotel, operation, path, deadline)
        except Again as last:
            raise last.error from None
        raise AssertionError("stamina ends with an answer or an error")

    async def _read_once(self, hotel: HotelTerms, operation: str, path: str, deadline: float) -> Reply:
        loop = asyncio.get_running_loop()
        await self._shares.of(hotel.pms).take(is_write=False)
        for is_second in (False, True):
            token = await self._tokens.get(max(LEAST_TIME_S, deadline - loop.time()))
            left = max(LEAST_TIME_S, deadline - loop.time())
            try:
                reply = await self._sent("GET", hotel, token, operation, path, None, left)
            except NeverLeft as error:
                raise Again(unreachable(error)) from None
            except AnswerLost as error:
                raise Again(unanswered(operation, error)) from None
            if reply.status != 401 or is_second:  # noqa: PLR2004 - the token's own status
                break
            self._tokens.drop(token)
        return self._checked_read(hotel, operation, reply)

    def _checked_read(self, hotel: HotelTerms, operation: str, reply: Reply) -> Reply:
        status = reply.status
        if 200 <= status < 300:  # noqa: PLR2004
            return reply
        if status == 429:  # noqa: PLR2004
            error = self._throttled(hotel, reply)
            raise Again(error, error.retry_after)
        if status in SILENT:
            raise Again(PmsUnavailable("The PMS is down at the moment (HTTP {status}).", status=status,
                                        retry_after=self._retry_after(reply)))  # fmt: skip
        if status >= 500:  # noqa: PLR2004
            raise Again(PmsProtocolError("The PMS failed over a question (HTTP {status}).", status=status))
        raise self._refusal(operation, reply)

    async def write(self, hotel: HotelTerms, operation: str, method: str, path: str, body: bytes) -> Reply:
        """Send a write once; a reply is a readable success. PmsUnavailable, PmsRejected or PmsOutcomeUnknown."""
        with self._breakers.of(hotel).passage(is_write=True):
            await self._shares.of(hotel.pms).take(is_write=True)
            reply = await self._write_with_token(hotel, operation, method, path, body)
        return self._checked_write(hotel, operation, reply)

    async def _write_with_token(self, hotel: HotelTerms, operation: str, method: str, path: str, body: bytes) -> Reply:
        token = await self._tokens.get(self._limits.write_s)
        reply = await self._write_once(hotel, token, operation, method, path, body)
        if reply.status == 401:  # noqa: PLR2004 - refused unread, so this is no repeat of a write
            self._tokens.drop(token)
            self._log.warning("pms_token_refused", operation=operation, hotel=hotel.hotel_id)
            token = await self._tokens.get(self._limits.write_s)
            reply = await self._write_once(hotel, token, operation, method, path, body)
        return reply

    async def _write_once(
        self, hotel: HotelTerms, token: str, operation: str, method: str, path: str, body: bytes
    ) -> Reply:
        try:
            return await self._sent(method, hotel, token, operation, path, body, self._limits.write_s)
        except NeverLeft as error:
            raise unreachable(error) from None
        except AnswerLost as error:
            raise unknown(operation, str(error)) from None

    def _checked_write(self, hotel: HotelTerms, operation: str, reply: Reply) -> Reply:
        status = reply.status
        if 200 <= status < 300:  # noqa: PLR2004
            self._check_receipt(operation, reply)
            return reply
        if status == 429:  # noqa: PLR2004
            raise self._throttled(hotel, reply)
        if 400 <= status < 500 and status != 408:  # noqa: PLR2004
            raise self._refusal(operation, reply)
        raise unknown(operation, f"HTTP {status}")

    def _check_receipt(self, operation: str, reply: Reply) -> None:
        """An empty success is a success; one that holds something must be whole JSON."""
        if not reply.body:
            return
        try:
            receipt = _receipt.decode(reply.body)
        except (msgspec.MsgspecError, UnicodeError):
            raise unknown(operation, "unreadable success") from None
        self._tell_warnings(operation, receipt.warnings)

    async def _sent(
        self, method: str, hotel: HotelTerms, token: str, operation: str, path: str, body: bytes | None, limit_s: float
    ) -> Reply:
        """One request; breaker, `on_call` and the caller's account of time hear of it. Timed apart from the loop's
        clock, which ticks in ms."""
        headers = self._headers_for(hotel, token, has_body=body is not None)
        breaker = self._breakers.of(hotel)
        before, began = breaker.answers, perf_counter()
        outcome, injected = "lost", 0.0
        try:
            reply = await self._transport.send(method, path, headers, body, limit_s)
            outcome = str(reply.status)
            injected = injected_in(reply.headers)
            breaker.heard(before, reply.status)
        except TransportError as error:
            breaker.failed(before)
            if isinstance(error, NeverLeft):
                outcome = "never_left"
            raise
        finally:
            seconds = perf_counter() - began
            add_pms_time(seconds, min(injected, seconds))
            if self._on_call is not None:
                self._on_call(operation, seconds, outcome)
        return reply

    def _headers_for(self, hotel: HotelTerms, token: str, *, has_body: bool) -> Headers:
        key = (hotel.pms.pms_hotel_id, token, has_body)
        headers = self._headers.get(key)
        if headers is None:
            if len(self._headers) > 256:  # noqa: PLR2004 - old tokens
                self._headers.clear()
            headers = (
                ("authorization", f"Bearer {token}"),
                ("x-app-key", self._tokens.app_key),
                ("x-hotelid", hotel.pms.pms_hotel_id),
                ("accept", "application/json"),
            )
            if has_body:
                headers = (*headers, ("content-type", "application/json"))
            self._headers[key] = headers
        return headers

    def _throttled(self, hotel: HotelTerms, reply: Reply) -> PmsUnavailable:
        advised = self._retry_after(reply)
        wait = PAUSE_WITHOUT_ADVICE_S if advised is None else advised
        self._shares.of(hotel.pms).hold_off(wait)
        return PmsUnavailable("The hotel's limit of PMS calls is used up.", retry_after=wait)

    def _retry_after(self, reply: Reply) -> float | None:
        return seconds_in(reply.headers.get("retry-after", ""), self._clock.now())

    def _refusal(self, operation: str, reply: Reply) -> PmsError:
        """What a 4xx (or an unexpected 3xx on a read) means."""
        status = reply.status
        if status in {401, 403}:
            return PmsUnavailable(
                "The PMS does not let us in (HTTP {status}).", status=status, operation=operation,
                hint="Check the PMS credentials, the application key and the hotel's number in the hotel file.",
            )  # fmt: skip
        if not 400 <= status < 500:  # noqa: PLR2004
            return PmsProtocolError("The PMS answered with HTTP {status}, which is no answer.", status=status)
        return rejected(operation, status, reply.body)

    def _unreadable(self, operation: str, error: Exception) -> PmsProtocolError:
        where = str(error).rpartition(" - at ")[2] if isinstance(error, msgspec.ValidationError) else "not JSON"
        self._log.warning("pms_answer_unreadable", operation=operation, where=where[:80])
        return PmsProtocolError("The PMS's answer to {operation} cannot be understood.", operation=operation)

    def _tell_warnings(self, operation: str, warnings: Iterable[object]) -> None:
        """A warning with a success is a business problem (only its code is logged)."""
        for one in warnings:
            code = getattr(one, "code", "")
            self._log.warning("pms_warning", operation=operation, code=code if CODE.fullmatch(code) else "")

    async def close(self) -> None:
        """Let go of connections."""
        await self._transport.close()
