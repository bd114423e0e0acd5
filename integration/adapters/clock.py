"""The wall clock, shifted.

The one place that reads the machine's time. `offset` moves our clock and the embedded mock's together (`--as-of`), so a
season can be looked at from any of its days. Waiting is the event loop's: under a loop whose clock jumps to the next
timer, the same code plays months in minutes.
"""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """Satisfies `integration.ports.surroundings.Clock`."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Aware, UTC, the offset added; whole milliseconds, as the store keeps them."""
        now = datetime.now(UTC) + self._offset
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    async def sleep(self, seconds: float) -> None:
        """Wait on the running event loop; zero or less lets others run once."""
        import asyncio  # noqa: PLC0415 - a command that never waits does not pay for it

        await asyncio.sleep(seconds)
