"""Where a latency went: generator, wire, queue, service, store, PMS, and what the mock delayed on purpose.

The service says in `Server-Timing` how long it held a request and what it waited for; what the generator added (due to
sent) and the way there and back are the rest. PMS calls that ran side by side add up to more than the time they took:
then what was waited for shares the time there was. One looks at requests near the 95th percentile, not at all: the
mean of fast requests explains nothing about slow ones.
"""

import numpy as np

from loadtests.samples import Samples
from loadtests.statistics import F8, failed

PARTS = ("generator", "wire", "queue", "service", "store", "pms", "injected")
NEAR = (0.90, 0.99)


def parts_ms(samples: Samples) -> dict[str, F8]:
    """Each request's latency split into `PARTS`, in milliseconds; what the service did not say is `wire`."""
    latency = samples.latency_ms
    lag = np.clip(samples.lag_ms, 0.0, latency)
    total, queue, store, pms, injected = (
        np.maximum(one, 0.0)
        for one in (samples.total_ms, samples.queue_ms, samples.store_ms, samples.pms_ms, samples.injected_ms)
    )
    total = np.minimum(total, latency - lag)
    waited = queue + store + pms
    scale = np.divide(total, waited, out=np.ones_like(total), where=waited > total)
    queue, store, pms = queue * scale, store * scale, pms * scale
    injected = np.minimum(injected * scale, pms)
    service = np.maximum(total - queue - store - pms, 0.0)
    found = (lag, latency - lag - total, queue, service, store, pms - injected, injected)
    return dict(zip(PARTS, found, strict=True))


def attribution(samples: Samples) -> dict[str, float]:
    """Share of each part in the latencies between the 90th and 99th percentile, adding up to 1; empty when no request
    was answered or the service told nothing."""
    answered = samples.where(~failed(samples) & (samples.total_ms >= 0))
    if not len(answered):
        return {}
    order = np.argsort(answered.latency_ms, kind="stable")
    first, last = (int(part * (len(order) - 1)) for part in NEAR)
    near = np.zeros(len(order), dtype=np.bool_)
    near[order[first : last + 1]] = True
    sums = {name: float(values.sum()) for name, values in parts_ms(answered.where(near)).items()}
    whole = sum(sums.values())
    return {name: value / whole for name, value in sums.items()} if whole > 0 else {}
