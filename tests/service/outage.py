"""A service in front of the mock PMS, in one process, whose clocks move together: for outages that begin and end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cli.mock_faults import rules_of
from domain.access import Role
from integration.adapters.breaker import Breakers, Thresholds
from integration.adapters.ohip.asgi import AsgiTransport
from integration.adapters.ohip.client import Limits
from integration.adapters.ohip.pms import OhipPms
from integration.http.app import create_app
from integration.usecases.desk import Desk
from integration.usecases.keep_users import add_user, make_token
from integration.workers.line_watch import LineWatch
from pms_mock import control
from pms_mock.app import create_app as create_mock
from pms_mock.store import MockStore
from scenarios.fault_profiles import load_profile
from tests.builders import an_actor
from tests.contract.ohip.house import CREDENTIALS, a_store
from tests.fakes.desk import an_office
from tests.fakes.surroundings import FakeClock
from tests.service.client import Client
from tests.service.house import Ears
from tests.unit.ohip.jumping import run_jumping


@dataclass
class Outpost:
    """The service, its agent, the mock's store, the clock, and what was sent to the mock and logged."""

    desk: Desk
    agent: Client
    store: MockStore
    clock: FakeClock
    log: Ears
    sent: list[tuple[str, str]] = field(default_factory=list)

    def later(self, **span: float) -> None:
        """Both clocks go on."""
        self.clock.advance(**span)
        control.clock(self.store, advance=timedelta(**span))

    def arm(self, profile: str) -> None:
        """Load a fault profile that comes with Santral."""
        documents = rules_of(load_profile(profile), control.now(self.store), lambda hotel: hotel, None)
        control.load_faults(self.store, documents)

    def asked(self, operation: str) -> int:
        """How often the mock was asked for an operation."""
        return sum(entry.operation == operation for _, entry in control.ledger(self.store))

    async def watch(self) -> None:
        """One round of the line watch."""
        await LineWatch(self.desk, self.log).work()


async def an_outpost(thresholds: Thresholds) -> Outpost:
    """A service with one agent, everything up."""
    office, log, store, sent = an_office(), Ears(), a_store(), list[tuple[str, str]]()
    breakers = Breakers(office.clock, log, thresholds)
    pms = OhipPms(
        AsgiTransport(create_mock(store)), CREDENTIALS, limits=Limits(), clock=office.clock, log=log, breakers=breakers,
        on_call=lambda operation, _seconds, outcome: sent.append((operation, outcome)),
    )  # fmt: skip
    desk = replace(office.desk, pms=pms, line=breakers)
    app = create_app(desk, log=log)
    boss = an_actor(Role.ADMIN, "boss")
    await add_user(desk, boss, "agent7", Role.SUPERVISOR)
    return Outpost(desk, Client(app, await make_token(desk, boss, "agent7")), store, office.clock, log, sent)


def play_outage(story: Callable[[Outpost], Awaitable[None]], thresholds: Thresholds | None = None) -> None:
    """Run a story at an outpost, in virtual time."""

    async def run() -> None:
        post = await an_outpost(thresholds or Thresholds())
        try:
            await story(post)
        finally:
            await post.desk.pms.close()
            post.store.close()

    run_jumping(run)
