"""The hotel's code lists: what its PMS will accept in each coded field.

A PMS refuses a code it was not configured with, so every code we send is
listed here with a name for people. Our own words (`no_availability`,
`late_check_in`) are lower case and stay the same in every hotel; the PMS's
codes are upper case and differ from hotel to hotel.
"""

from typing import Literal

from pydantic import Field

from scenarios.schema.types import Labels, Many, OurCode, PmsCode, Section, Share, Text

Channel = Literal["phone", "whatsapp", "instagram", "web_chat", "web_form", "partner", "email", "ota", "sms"]


class Requirements(Section):
    """What the PMS asks for before it takes a guarantee code."""

    deposit: bool = False
    credit_card: bool = False
    phone: bool = False


class Guarantee(Section):
    """A guarantee code; `reserve_inventory` = it takes a room out of stock."""

    code: PmsCode
    description: Text
    reserve_inventory: bool = True
    requirements: Requirements = Requirements()


class CodeName(Section):
    """A plain code of the PMS and what it means."""

    code: PmsCode
    description: Text


class SourceCode(CodeName):
    """Where a booking came from; `channels` are ours that are booked under it."""

    channels: Many[Channel] = ()


class PaymentMethod(Section):
    """A way to pay: our word and the PMS's code."""

    code: OurCode
    pms_code: PmsCode
    labels: Labels


class LostReason(Section):
    """Why a call or lead was lost; the PMS keeps it as a regret (guest) or a denial (house)."""

    code: OurCode
    pms_code: PmsCode
    kind: Literal["regret", "denial"]
    labels: Labels


class SpecialRequest(Section):
    """A coded wish; `special` ones touch health or belief and are never put into messages."""

    code: OurCode
    sensitivity: Literal["normal", "special"] = "normal"
    comment_type: PmsCode = "GEN"
    labels: Labels


class Purpose(Section):
    """Why the guest travels."""

    code: OurCode
    labels: Labels


class Preference(Section):
    """A preference the PMS keeps on a profile."""

    group: PmsCode
    code: PmsCode
    description: Text


class SharedCode(CodeName):
    """A code and the share of guests that carry it."""

    share: Share


class Codes(Section):
    """The lists with no behaviour of their own."""

    markets: Many[CodeName] = Field(min_length=1)
    sources: Many[SourceCode] = Field(min_length=1)
    payment_methods: Many[PaymentMethod] = Field(min_length=1)
    comment_types: Many[CodeName] = Field(min_length=1)
    preferences: Many[Preference] = ()
