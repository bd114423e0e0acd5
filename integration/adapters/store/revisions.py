"""Which schema a store has, and what to say when it is not the one this program works with."""

from integration.adapters.store.texts import Texts
from integration.errors import ConfigurationError, StoreUnavailable


def check_revision(found: str | None, texts: Texts, place: str) -> None:
    """Refuse a store of another schema, with the way out; None: it is no store of ours."""
    if found is None:
        raise ConfigurationError("{place} is not a store of Santral.", place=place)
    if found == texts.head:
        return
    if found in texts.revisions:
        raise ConfigurationError("The store {place} has an older schema; run `santral store upgrade`.", place=place)
    raise StoreUnavailable("The store {place} was written by a newer Santral; upgrade the program.", place=place)
