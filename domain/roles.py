"""What each channel is for, so that a request is taken to where it ends best.

WhatsApp is hybrid, web chat sells and collects leads, Instagram raises interest, the telephone closes, e-mail carries
written offers, messages of an OTA are answered inside its platform. The hotel may say otherwise; it is data. A channel
without a role of its own (forms, partners, SMS) follows the nearest one.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.contact import Channel


class ChannelRole(StrEnum):
    """What a channel is for."""

    HYBRID = "hybrid"
    SALES_AND_LEADS = "sales_and_leads"
    AWARENESS = "awareness"
    CLOSING = "closing"
    WRITTEN_OFFERS = "written_offers"
    INSIDE_PLATFORM = "inside_platform"


DEFAULT_ROLES: Mapping[Channel, ChannelRole] = {
    Channel.WHATSAPP: ChannelRole.HYBRID,
    Channel.WEB_CHAT: ChannelRole.SALES_AND_LEADS,
    Channel.WEB_FORM: ChannelRole.SALES_AND_LEADS,
    Channel.PARTNER: ChannelRole.SALES_AND_LEADS,
    Channel.INSTAGRAM: ChannelRole.AWARENESS,
    Channel.PHONE: ChannelRole.CLOSING,
    Channel.EMAIL: ChannelRole.WRITTEN_OFFERS,
    Channel.SMS: ChannelRole.WRITTEN_OFFERS,
    Channel.OTA: ChannelRole.INSIDE_PLATFORM,
}
MESSAGE_CHANNELS = (
    Channel.WHATSAPP,
    Channel.WEB_CHAT,
    Channel.INSTAGRAM,
    Channel.EMAIL,
    Channel.OTA,
    Channel.SMS,
)
