"""The OHIP dialect behind the `Pms` port: one instance for every hotel of the deployment.

A hotel is told apart per call by the header `x-hotelid` (`hotel.pms.pms_hotel_id`); address, credentials and token are
shared. `build_ohip` puts the parts together for bootstrap; it imports the HTTP client only when a socket is wanted.
"""

from integration.adapters.breaker import Breakers
from integration.adapters.ohip.asgi import AsgiApp, AsgiTransport
from integration.adapters.ohip.bookings import BookingRecords
from integration.adapters.ohip.client import EventLog, Limits, OhipClient, OnCall
from integration.adapters.ohip.guests import GuestRecords
from integration.adapters.ohip.offers import OfferReads
from integration.adapters.ohip.tokens import Tokens
from integration.adapters.ohip.transport import Transport
from integration.adapters.rate_share import RateShares
from integration.adapters.read_cache import CachedPms
from integration.errors import ConfigurationError
from integration.ports.pms import Pms
from integration.ports.surroundings import Clock
from integration.settings import PmsCredentials, Settings


class OhipPms(OfferReads, GuestRecords, BookingRecords):
    """Satisfies `integration.ports.pms.Pms`."""

    def __init__(
        self,
        transport: Transport,
        credentials: PmsCredentials,
        *,
        limits: Limits,
        clock: Clock,
        log: EventLog,
        shares: RateShares | None = None,
        breakers: Breakers | None = None,
        on_call: OnCall | None = None,
    ) -> None:
        """`shares` holds our part of each hotel's rate limit, `breakers` which hotel's PMS is given up.

        `on_call` is told of every request that went out: the operation, the seconds, and the outcome (the HTTP status
        as text, `lost` or `never_left`).
        """
        known = breakers or Breakers(clock, log)
        tokens = Tokens(transport, credentials, clock, known.token_unheard)
        super().__init__(
            OhipClient(
                transport, tokens, limits=limits, shares=shares or RateShares(), breakers=known, clock=clock, log=log,
                on_call=on_call,
            )
        )  # fmt: skip

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()


def build_ohip(
    settings: Settings, *, clock: Clock, log: EventLog, app: AsgiApp | None = None,
    credentials: PmsCredentials | None = None, on_call: OnCall | None = None, breakers: Breakers | None = None,
) -> Pms:  # fmt: skip
    """The PMS of a run: over a socket to `settings.pms_url`, else the ASGI application `app`; reads kept for a moment.

    `credentials` overrides those of the settings (the embedded mock's come from the hotel file).
    """
    pms = OhipPms(
        transport_for(settings, app),
        credentials or settings.credentials,
        limits=Limits(settings.read_timeout_s, settings.write_timeout_s),
        clock=clock,
        log=log,
        shares=RateShares(settings.workers),
        breakers=breakers,
        on_call=on_call,
    )
    return CachedPms(pms, settings.read_cache_s)


def transport_for(settings: Settings, app: AsgiApp | None) -> Transport:
    """A socket when there is an address, else the application; ConfigurationError when there is neither."""
    if settings.pms_url:
        from integration.adapters.ohip.socket import SocketTransport  # noqa: PLC0415 - aiohttp costs 300 ms to import

        if not settings.pms_url.startswith(("http://", "https://")):
            raise ConfigurationError("SANTRAL_PMS_URL must begin with http:// or https://.")
        return SocketTransport(settings.pms_url)
    if app is None:
        raise ConfigurationError("There is neither a PMS address (SANTRAL_PMS_URL) nor an embedded mock.")
    return AsgiTransport(app)
