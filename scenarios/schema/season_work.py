"""Work and patience: how long a contact takes of an agent, and how long the guest waits for it.

A channel is a **call** (a whole agent), a **chat** (one of an agent's slots, in turns) or **backlog** (one at a time
when nothing that cannot wait is waiting). Sales contacts take longer than service contacts. Lognormal times have mean
`mean_s` and log standard deviation `sigma`; wrap-up is exponential. Patience is the guest's; new guests (sales) wait
less than those who have a reservation.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.schema.season_words import Intent, NotNegative, Part, Positive
from scenarios.schema.types import Many, Section


class Handle(Section):
    """Agent time of one kind of contact in seconds: lognormal, plus wrap-up with mean `wrap_s`."""

    mean_s: Positive
    sigma: Annotated[NotNegative, Field(le=3)]
    wrap_s: NotNegative = 0.0


class ChannelWork(Section):
    """One channel's work. `short_share`: contacts over within moments (wrong numbers), exponential with `short_mean_s`.

    `concurrency`: most chats of one agent at once; `speeds[k-1]`: how fast each of k open chats goes on (1: as if
    alone).
    `turns_mean`: mean turns of a conversation (geometric, at least 1); `first_reply_share`: part of the work until the
    first answer is out. `unsolved_after_two_turns`: chance by intent that two turns have not solved it; what then
    happens is the handoff rules' to say.
    """

    kind: Literal["call", "chat", "backlog"]
    sales: Handle
    service: Handle
    short_share: Part = 0.0
    short_mean_s: Positive = 6.0
    concurrency: Annotated[int, Field(ge=1, le=10)] = 1
    speeds: Many[Annotated[Positive, Field(le=1)]] = (1.0,)
    turns_mean: Annotated[Positive, Field(ge=1, le=50)] = 1.0
    first_reply_share: Part = 1.0
    unsolved_after_two_turns: dict[Intent, Part] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _speeds_fit(self) -> Self:
        if self.kind != "chat" and self.concurrency > 1:
            raise ValueError("only a chat can be done several at once: concurrency must be 1")
        if len(self.speeds) < self.concurrency:
            raise ValueError(f"speeds needs a number for each of 1 to {self.concurrency} chats at once")
        return self

    def handle(self, intent: Intent) -> Handle:
        """Agent time of an intent."""
        return self.sales if intent == "sales" else self.service


class Patience(Section):
    """How long a guest of a channel waits for an agent, in seconds.

    `exponential`: means `new_s` (sales) and `existing_s`; `fixed`: exactly so long; `never` gives up. `balk`: chance
    that one who would have to wait goes at once. `silent_share`: of those who give up, who leave no sign, so that an
    agent still takes the chat and loses `silent_s` on it.
    """

    distribution: Literal["exponential", "fixed", "never"] = "exponential"
    new_s: Positive
    existing_s: Positive
    balk: Part = 0.0
    silent_share: Part = 0.0
    silent_s: NotNegative = 0.0


class Redial(Section):
    """Who gave up comes back with `chance`, after a lognormal gap, at most `most` times. `channels`: where."""

    chance: Part
    median_gap_s: Positive
    sigma: Annotated[NotNegative, Field(le=3)]
    most: Annotated[int, Field(ge=0, le=10)] = 3
    channels: Many[Literal["phone", "whatsapp", "web_chat", "instagram"]] = ("phone",)
