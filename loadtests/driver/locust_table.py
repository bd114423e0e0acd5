"""Locust's own table, to lay beside ours: times rounded to two digits, counted from the sending."""

from locust.env import Environment
from locust.stats import RequestStats

_PARTS = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def own_stats(environment: Environment) -> RequestStats:
    """A table that a worker keeps for itself: Locust's is emptied with every report to the master."""
    stats = RequestStats()

    def count(
        request_type: str,
        name: str,
        response_time: int,
        response_length: int,
        exception: Exception | None = None,
        **_: object,
    ) -> None:
        stats.log_request(request_type, name, response_time, response_length)
        if exception is not None:
            stats.log_error(request_type, name, exception)

    environment.events.request.add_listener(count)
    return stats


def table_of(stats: RequestStats) -> dict[str, dict[str, float]]:
    """By operation: percentiles in milliseconds, requests and failures."""
    return {
        name: {
            **{word: float(entry.get_response_time_percentile(part) or 0) for word, part in _PARTS.items()},
            "requests": entry.num_requests,
            "failures": entry.num_failures,
        }
        for (name, _), entry in stats.entries.items()
    }
