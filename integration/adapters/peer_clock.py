"""How far somebody else's clock is from ours, by the `Date` header that HTTP servers send (RFC 9110, 6.6.1)."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp


async def clock_skew(url: str, now: datetime, timeout_s: float) -> timedelta | None:
    """Their clock minus ours, to the second; None when they do not say, or cannot be asked."""
    limits = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with aiohttp.ClientSession(timeout=limits) as session, session.head(url) as answer:
            said = answer.headers.get("Date", "")
        return parsedate_to_datetime(said) - now
    except (aiohttp.ClientError, TimeoutError, ValueError, TypeError, OSError):
        return None
