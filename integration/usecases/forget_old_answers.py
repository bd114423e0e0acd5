"""Forget old answers: what was stored for a request key is dropped after a day; the key stays taken for life.

An old key repeated with the same command is answered anew from the record as it stands; nothing is done twice.
"""

from integration.usecases.desk import Desk


async def forget_old_answers(desk: Desk) -> int:
    """Drop what is older than it is kept for; the number of answers forgotten. Anybody may, as often as he likes."""
    now = desk.clock.now()
    return await desk.store.transact(lambda tx: tx.forget_answers(now))
