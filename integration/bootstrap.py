"""The one place where everything is put together: settings and hotels in, a `Desk` out.

Requests reach the PMS over a socket to `SANTRAL_PMS_URL`, or, for the embedded mock, by calling its ASGI application in
process. `inline` is for one caller at a time (commands, virtual time); the service uses a writer thread and read pool.
Heavy parts are imported when they are needed, so that a command which touches neither PMS nor calendar does not pay.
"""

from collections.abc import Callable, Mapping

from domain.hotel import HotelTerms
from integration.adapters.breaker import Breakers, Thresholds
from integration.adapters.clock import SystemClock
from integration.adapters.ids import SystemIds
from integration.adapters.names import GuestNames
from integration.adapters.ohip.asgi import AsgiApp
from integration.adapters.ohip.client import EventLog, OnCall
from integration.adapters.ohip.pms import build_ohip
from integration.adapters.phones import GuestPhones
from integration.adapters.phrases import CataloguePhrases
from integration.adapters.store import open_home_store
from integration.ports.hooks import Hook
from integration.ports.outbound import Carriers, NoCarriers
from integration.ports.pulls import Pull
from integration.ports.serving import Serving, UsualServing
from integration.ports.store import Store
from integration.ports.surroundings import Clock, Ids
from integration.settings import PmsCredentials, Settings
from integration.usecases.desk import Desk


def build(  # noqa: PLR0913 - the one wiring place
    settings: Settings,
    hotels: Mapping[str, HotelTerms],
    *,
    log: EventLog,
    app: AsgiApp | None = None,
    credentials: PmsCredentials | None = None,
    store: Store | None = None,
    clock: Clock | None = None,
    on_call: OnCall | None = None,
    inline: bool = True,
    create: bool = False,
    serving: Serving | None = None,
    hooks: Mapping[str, Hook] | None = None,
    pulls: Mapping[str, Pull] | None = None,
    carriers: Callable[[Clock, Ids], Carriers] | None = None,
) -> Desk:
    """Wire a desk.

    `app`: the embedded mock's ASGI application, `credentials`: what it asks for; unused when the settings name a PMS.
    ConfigurationError, NotFound (no home) or StoreUnavailable when the store cannot be opened.
    """
    now = clock or SystemClock(settings.clock_offset)
    memory = store or open_home_store(settings, inline=inline, create=create)
    breakers = Breakers(now, log, Thresholds(settings.breaker_failures, settings.breaker_trial_s))
    pms = build_ohip(settings, clock=now, log=log, app=app, credentials=credentials, on_call=on_call, breakers=breakers)
    ids = SystemIds(now)
    return Desk(
        pms=pms,
        store=memory,
        clock=now,
        ids=ids,
        phones=GuestPhones(),
        names=GuestNames(),
        phrases=CataloguePhrases(),
        hotels=hotels,
        line=breakers,
        serving=serving or UsualServing(),
        hooks={} if hooks is None else hooks,
        pulls=pulls if pulls is not None else {},
        carriers=carriers(now, ids) if carriers is not None else NoCarriers(),
    )
