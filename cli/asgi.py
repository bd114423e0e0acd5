"""The service for somebody else's server: `uvicorn --factory cli.asgi:app`.

Reads the environment as `santral serve` does. Where several processes are run this way, SANTRAL_WORKERS says how
many, so that each takes its part of the PMS's rate share.
"""

import os
from pathlib import Path
from typing import Any

from cli.service import service_app
from integration.adapters.clock import SystemClock
from integration.settings import settings_from


def app() -> Any:  # noqa: ANN401 - an ASGI application
    """Make the application of one process."""
    return service_app(settings_from(os.environ, SystemClock().now(), Path.cwd()))
