"""Through whom a stay is booked, and how long before arrival.

Lead time is gamma distributed per channel. A stay that is on the books today
was booked before today, so its lead must be at least the days that are still
left: channels with long leads (tour operators) weigh more the further away
the arrival is. A sorted sample of leads gives both answers quickly: the share
of bookings made earlier than x days, and a draw from them.
"""

from bisect import bisect_left
from random import Random

from scenarios.schema.draws import BookingChannel

SAMPLE = 2_048


class LeadTimes:
    """Lead times of all channels of a hotel."""

    def __init__(self, rng: Random, channels: tuple[BookingChannel, ...]) -> None:
        """Draw the sample each channel is answered from."""
        self._channels = channels
        self._samples = [sorted(_leads(rng, channel)) for channel in channels]
        self._by_days: dict[int, list[float]] = {}
        self._shares = [float(channel.share) for channel in channels]

    def booked_share(self, days_left: int) -> float:
        """Give the share of a night's final bookings that are made `days_left` or more days before arrival."""
        return sum(self._weights(days_left))

    def draw(self, rng: Random, days_left: int) -> tuple[BookingChannel, int]:
        """Draw channel and lead in days of a booking made at least `days_left` days before arrival."""
        weights = self._weights(days_left)
        if not any(weights):
            return self._channels[0], days_left + int(rng.expovariate(1 / 30))
        (chosen,) = rng.choices(range(len(weights)), weights)
        sample = self._samples[chosen]
        return self._channels[chosen], sample[rng.randrange(bisect_left(sample, days_left), len(sample))]

    def _weights(self, days_left: int) -> list[float]:
        known = self._by_days.get(days_left)
        if known is None:
            known = self._by_days[days_left] = self._weigh(days_left)
        return known

    def _weigh(self, days_left: int) -> list[float]:
        return [
            share * (1 - bisect_left(sample, days_left) / SAMPLE)
            for share, sample in zip(self._shares, self._samples, strict=True)
        ]


def _leads(rng: Random, channel: BookingChannel) -> list[int]:
    shape = float(channel.lead_shape)
    return [int(rng.gammavariate(shape, channel.lead_mean_days / shape)) for _ in range(SAMPLE)]
