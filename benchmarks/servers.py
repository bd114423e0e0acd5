"""The processes that are measured: `python -m benchmarks.servers constant|service|mock PLACE`.

Each is a process of its own, so that its CPU time counts its own work only, and says its address as `{"url": ...}` on
the first line of stdout once it listens, as every server of Santral does. `constant` answers every quote with the bytes
of the file PLACE through a FastAPI handler; `service` is the real service on the home PLACE; `mock` is the hotel's PMS
in the file PLACE. Constant and service run under the same uvicorn settings (`serve`).
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from benchmarks.house import House
    from domain.hotel import HotelTerms

STOP_S = 10.0
NO_SHARE = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """A process that listens at `url`."""

    pid: int
    url: str


@contextmanager
def running(kind: str, place: Path, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server; it is ended by its own id. RuntimeError when it does not come up."""
    command = [sys.executable, "-m", "benchmarks.servers", kind, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **(env or {})}) as process:
        try:
            line = process.stdout.readline() if process.stdout else b""
            if not line:
                raise RuntimeError(f"the {kind} did not come up")
            yield Server(process.pid, json.loads(line)["url"])
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def pms_env(house: "House", pms: Server, **more: str) -> dict[str, str]:
    """The environment of a service whose PMS is the mock at an address."""
    from cli.home import read_home

    known = asdict(read_home(house.settings.home).credentials)
    secrets = {f"SANTRAL_PMS_{name.upper()}": value for name, value in known.items()}
    return {**secrets, "SANTRAL_PMS_URL": pms.url, **more}


def tell(url: str) -> None:
    """Say where it listens."""
    print(json.dumps({"url": url}), flush=True)


def serve(app: "ASGIApp") -> None:
    """Serve on a free port of the loopback until SIGTERM, set up as `santral serve` is."""
    import uvicorn

    class Announced(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            tell(f"http://127.0.0.1:{port}")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            app, ws="none", access_log=False, log_config=None, server_header=False, lifespan="on", timeout_keep_alive=75
        )
        Announced(config).run(sockets=[listener])


def constant(place: Path) -> None:
    """A handler that does nothing but answer."""
    from fastapi import FastAPI, Response

    app, body = FastAPI(openapi_url=None), place.read_bytes()

    @app.post("/v1/quotes")
    async def quote() -> Response:
        return Response(body, media_type="application/json")

    serve(app)


def unshared(hotel: "HotelTerms") -> "HotelTerms":
    """The hotel, with a PMS that grants as many calls as anybody likes to make."""
    return replace(hotel, pms=replace(hotel.pms, share_per_second=NO_SHARE, burst=NO_SHARE))


def service(place: Path) -> None:
    """The service on a home as `santral serve` runs it, with a PMS that grants it as many calls as it likes."""
    import structlog

    from cli.home import read_home
    from cli.wiring import Hotels
    from integration.adapters.clock import SystemClock
    from integration.adapters.logs import configure_logs
    from integration.bootstrap import build
    from integration.http.app import create_app
    from integration.http.metrics import Metrics
    from integration.settings import settings_from
    from integration.workers.sweep import Sweep

    configure_logs()
    log = structlog.get_logger("bench")
    settings = settings_from({**os.environ, "SANTRAL_HOME": str(place)}, SystemClock().now(), Path.cwd())
    home, metrics = read_home(place), Metrics()
    hotels = {one: unshared(hotel) for one, hotel in Hotels(settings.hotels_dir, home.set_up_on).items()}
    desk = build(settings, hotels, log=log, credentials=home.credentials, on_call=metrics.pms_call, inline=False)
    ends = (desk.pms.close, desk.store.close)
    serve(create_app(desk, workers=[Sweep(desk, log)], on_close=ends, metrics=metrics))


def mock(place: Path) -> None:
    """The hotel's PMS."""
    from pms_mock.server import serve as serve_mock

    serve_mock(str(place), on_ready=tell)


if __name__ == "__main__":
    {"constant": constant, "service": service, "mock": mock}[sys.argv[1]](Path(sys.argv[2]))
