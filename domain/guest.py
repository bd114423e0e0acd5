"""Who it is: a guest profile and the identities that point to it.

A **GuestProfile** is a person; a **ChannelIdentity** (kind, scope, value) points to exactly one of them. The hotel's
own profile number is such an identity too, so one person can be known to several hotels. Preferences and past stays
come from the PMS when they are asked for; they are never our copy.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from domain.errors import InvalidInput
from domain.money import Money

GuestId = NewType("GuestId", str)


class IdentityKind(StrEnum):
    """Ways to know somebody again."""

    PHONE = "phone"
    EMAIL = "email"
    PMS_PROFILE = "pms_profile"
    WHATSAPP_USER = "whatsapp_user"
    INSTAGRAM_USER = "instagram_user"
    OTA_RESERVATION = "ota_reservation"
    OTA_RELAY = "ota_relay"
    WEB_VISITOR = "web_visitor"


NAMELESS = "Guest"


@dataclass(frozen=True, slots=True)
class ChannelIdentity:
    """`value` is canonical (E.164, lower-case e-mail, PMS number); `scope`: the hotel for a PMS profile, else empty."""

    kind: IdentityKind
    value: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class GuestProfile:
    """A person. `language` is ISO 639-1 in lower case."""

    guest_id: GuestId
    given_name: str
    surname: str
    language: str
    nationality: str
    identities: tuple[ChannelIdentity, ...]
    created_at: datetime
    is_vip: bool = False

    def __post_init__(self) -> None:
        """Refuse a guest without a name."""
        if not self.surname.strip():
            raise InvalidInput("A guest needs a surname.", field="name")

    def value_of(self, kind: IdentityKind, scope: str = "") -> str | None:
        """The first identity of a kind, or None."""
        return next((one.value for one in self.identities if one.kind is kind and one.scope == scope), None)

    def known_as(self, identity: ChannelIdentity) -> "GuestProfile":
        """Return the guest with one more identity (unchanged when it is known)."""
        if identity in self.identities:
            return self
        return replace(self, identities=(*self.identities, identity))

    @property
    def is_only_a_number(self) -> bool:
        """Whether all we know is the telephone somebody rang from."""
        has_no_name = self.surname == NAMELESS and not self.given_name
        return has_no_name and all(one.kind is IdentityKind.PHONE for one in self.identities)

    @property
    def full_name(self) -> str:
        """Given name and surname."""
        return f"{self.given_name} {self.surname}".strip()


@dataclass(frozen=True, slots=True)
class Stay:
    """A past or coming stay as the PMS knows it."""

    pms_ref: str
    hotel_id: str
    check_in: date
    check_out: date
    status: str
    room_type: str
    rate_code: str
    total: Money | None


@dataclass(frozen=True, slots=True)
class Preference:
    """A coded wish on the profile (high floor, hypoallergenic pillow)."""

    group: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CallerCard:
    """What pops up when the telephone rings: who, how often, what they like.

    `is_repeat`: has stayed before. `is_pms_read` False: the PMS did not answer, so what it knows is missing here.
    """

    guest: GuestProfile | None
    stays: tuple[Stay, ...] = ()
    preferences: tuple[Preference, ...] = ()
    notes: tuple[str, ...] = ()
    segment: str | None = None
    is_repeat: bool = False
    candidates: tuple[GuestProfile, ...] = ()
    is_pms_read: bool = True
