"""What may be sent about cases, leads, handoffs and channels."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from domain.contact import Channel
from domain.handoff import HandoffState
from domain.hours_words import MOST_LINES
from domain.roles import ChannelRole
from integration.http.fields import Ages, Code, Codes, Count, Instant, Line, Prose, body_config
from integration.usecases.channel_roles import MOST_SECONDS, MOST_TURNS, ChannelWish
from integration.usecases.handoff_case import MOST_REASON, HandoffMove
from integration.usecases.handoff_case_rules import Wish
from integration.usecases.lead_add import LeadCard
from integration.usecases.lead_wish import LeadWish
from integration.usecases.write_guest import GuestCard

Seconds = Annotated[int, Field(ge=1, le=MOST_SECONDS)]


class TagsBody(BaseModel):
    """Tags to set and to take off: reservation, support, vip, ota."""

    model_config = body_config(add=["vip"], remove=["support"])

    add: Codes = ()
    remove: Codes = ()


class AssignBody(BaseModel):
    """To whom; null: to nobody."""

    model_config = body_config(to="agent7")

    to: Line | None


class HandOverBody(BaseModel):
    """Where to: a channel, `to` an agent (whoever is free when left out), or a call-back at `due_at`."""

    model_config = body_config(channel="phone", to="agent7")

    channel: Channel = Channel.PHONE
    to: Line | None = None
    due_at: Instant | None = None

    def wish(self) -> Wish:
        """As the use case takes it."""
        return Wish(self.channel, self.to, self.due_at)


class HandoffMoveBody(BaseModel):
    """A step; declined needs a `reason`, a call-back may have a time, offered an agent."""

    model_config = body_config(state="accepted")

    state: HandoffState
    reason: Annotated[Line, Field(max_length=MOST_REASON)] = ""
    to: Line | None = None
    due_at: Instant | None = None

    def move(self) -> HandoffMove:
        """As the use case takes it."""
        return HandoffMove(self.state, self.reason, self.to, self.due_at)


class LeadBody(BaseModel):
    """A lead by hand: who (`guest_id`, or name and a number or address), where it came from and was found (`source`),
    what was asked for, days and party as far as they are known, and the day to come back to it."""

    model_config = body_config(
        name="Anna Schmidt", phone="+49 151 23456789", channel="partner", text="Family room in July, two children."
    )

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    language: Code | None = None
    nationality: Code | None = None
    guest_id: Code | None = None
    channel: Channel = Channel.PHONE
    text: Prose | None = None
    check_in: Annotated[date | None, Field(strict=False)] = None
    nights: Count | None = None
    adults: Count | None = None
    child_ages: Ages = ()
    source: Line = ""
    due: Annotated[date | None, Field(strict=False)] = None
    hotel: Code | None = None

    def card(self) -> LeadCard:
        """As the use case takes it."""
        guest = GuestCard(self.name, self.phone, self.email, self.language, self.nationality)
        wish = LeadWish(self.check_in, self.nights, self.adults, self.child_ages, source=self.source.strip())
        return LeadCard(guest, self.guest_id, self.channel, self.text, self.due, self.hotel, wish)


class WinBody(BaseModel):
    """By which reservation; left out: the case's newest that stands."""

    model_config = body_config(reservation_id="res_01KQ3Z6N5W8J4T2V0X9Y7B1C3D")

    reservation_id: Code | None = None


class LoseBody(BaseModel):
    """Why, a code of the hotel's list."""

    model_config = body_config(reason="price")

    reason: Code | None = None


class ChannelBody(BaseModel):
    """What to set, from an instant on (now when left out); targets in seconds of open time, 0 turns for never; `hours`:
    lines such as `mon-fri 09:00-12:30 13:30-18:00`, `always`, or `hotel` for those of the hotel file; `languages`
    machines write in there; where the notice of data use stands and which version it is (empty: none)."""

    model_config = body_config(role="hybrid", first_response_s=120, turns=2, hours=["mon-sat 09:00-22:00"])

    role: ChannelRole | None = None
    first_response_s: Seconds | None = None
    next_response_s: Seconds | None = None
    resolution_s: Seconds | None = None
    turns: Annotated[int, Field(ge=0, le=MOST_TURNS)] | None = None
    hours: Annotated[tuple[Line, ...], Field(max_length=MOST_LINES)] | None = None
    languages: Codes | None = None
    notice_url: Line | None = None
    notice_version: Line | None = None
    since: Instant | None = None

    def wish(self) -> ChannelWish:
        """As the use case takes it."""
        return ChannelWish(
            self.role, self.first_response_s, self.next_response_s, self.resolution_s, self.turns, self.since,
            self.hours, self.languages, self.notice_url, self.notice_version,
        )  # fmt: skip
