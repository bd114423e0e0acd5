"""What IT watches: requests by route, calls to the PMS, and what is open, in Prometheus' text format.

Counters and histograms are of this process; a deployment with several workers is scraped per worker. Gauges describe
the house (live holds, open calls, unsettled intents) and are read from the store when asked for, so any worker tells
the truth. Routes are named by their template, never by what was asked for: an id in a label would grow without end.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """One process's figures. `pms_call` is the hook that the PMS client is built with."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "santral_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "santral_http_request_seconds", "Time from request to answer.", ("method", "route"),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._calls = Counter(
            "santral_pms_calls", "Requests sent to the PMS.", ("operation", "outcome"), registry=self.registry
        )
        self._call_seconds = Histogram(
            "santral_pms_call_seconds", "Time of a request to the PMS.", ("operation",),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._open = Gauge("santral_open", "What is open in the store.", ("what",), registry=self.registry)
        self._down = Gauge(
            "santral_pms_down", "Whether this process has given the hotel's PMS up.", ("hotel",), registry=self.registry
        )
        self._cases = Gauge(
            "santral_cases", "Cases that are not resolved, by how they stand.", ("hotel", "channel", "state"),
            registry=self.registry,
        )  # fmt: skip
        self._waits = Gauge(
            "santral_oldest_wait_seconds", "How long the guest who has waited longest has waited.",
            ("hotel", "channel"), registry=self.registry,
        )  # fmt: skip
        self._hooks = Counter(
            "santral_deliveries", "Deliveries of providers, by what became of them at the door.", ("hook", "outcome"),
            registry=self.registry,
        )  # fmt: skip
        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._timed: dict[tuple[str, str], Histogram] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer. `route` is a template; the children of a label are looked up once."""
        verb = method if method in _METHODS else "OTHER"
        counter = self._counted.get((verb, route, status))
        if counter is None:
            counter = self._counted[verb, route, status] = self._requests.labels(verb, route, str(status))
        timer = self._timed.get((verb, route))
        if timer is None:
            timer = self._timed[verb, route] = self._seconds.labels(verb, route)
        counter.inc()
        timer.observe(seconds)

    def pms_call(self, operation: str, seconds: float, outcome: str) -> None:
        """Count a request to the PMS."""
        self._calls.labels(operation, outcome).inc()
        self._call_seconds.labels(operation).observe(seconds)

    def hook(self, name: str, outcome: str) -> None:
        """Count a delivery: stored, greeted, too_large, store_down, refused_missing, refused_wrong, refused_old; of a
        source stored, not_given, failed_CODE. `name` is a configured one, never what was asked for."""
        self._hooks.labels(name, outcome).inc()

    def pms_line(self, hotel_id: str, *, is_down: bool) -> None:
        """Whether a hotel's PMS is given up at this moment."""
        self._down.labels(hotel_id).set(is_down)

    def queue(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """The rows of the view of all clocks; what has no open case any more is gone."""
        self._cases.clear()
        self._waits.clear()
        for row in rows:
            for state in ("open", "waiting", "warning", "breaching", "escalated"):
                self._cases.labels(row["hotel_id"], row["channel"], state).set(row[state])
            if row["oldest_wait_s"] is not None:
                self._waits.labels(row["hotel_id"], row["channel"]).set(row["oldest_wait_s"])

    def text(self, counts: Mapping[str, int]) -> bytes:
        """The page, with the gauges set to `counts`."""
        for what, count in counts.items():
            self._open.labels(what).set(count)
        return generate_latest(self.registry)
