"""What may be sent about the office itself."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from domain.presence import LONGEST, SHORTEST, PresenceState
from integration.http.fields import Code, Codes, body_config
from integration.usecases.set_presence import PresenceWish

_SECONDS = Field(ge=SHORTEST.total_seconds(), le=LONGEST.total_seconds())


class PresenceBody(BaseModel):
    """How somebody stands (`name`; oneself when left out), for so many seconds, and what he speaks (as before when left
    out; an empty list: any language)."""

    model_config = body_config(state="available", for_s=900, languages=["tr", "en"])

    state: PresenceState
    name: Code | None = None
    for_s: Annotated[int, _SECONDS] | None = None
    languages: Codes | None = None

    def wish(self) -> PresenceWish:
        """As the use case takes it."""
        lasts = None if self.for_s is None else timedelta(seconds=self.for_s)
        return PresenceWish(self.state, self.name, lasts, self.languages)
