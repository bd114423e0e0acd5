"""What may leave, and when: purposes, windows, consents, and the words that make a message commercial.

A **transactional** message is about something the guest asked for or owns; a **commercial** one wants to sell, and
needs a consent that stands (the Turkish registry of consents calls the kinds ARAMA, MESAJ, EPOSTA). One word of
advertising turns a transactional template into a commercial message, so they are held against `commercial_words`.

Some channels let a business write freely only for a while after the guest has written: WhatsApp and Instagram for 24
hours, after that WhatsApp takes approved templates only and Instagram, for 7 days, what a person typed. A window is
closed AT its instant.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from domain.contact import Channel, Vouching
from domain.errors import Refused
from domain.guest import IdentityKind
from domain.tagging import pattern_words, words_of


class MessageKind(StrEnum):
    """About the guest's own business, or to sell."""

    TRANSACTIONAL = "transactional"
    COMMERCIAL = "commercial"


class Purpose(StrEnum):
    """What a message is for. `payment_request` makes a payment link, `payment_check` asks whether one was paid: they go
    to a payment provider, not to a guest; an `alert` goes to the house's own supervisors."""

    REPLY = "reply"
    OFFER = "offer"
    SUMMARY = "summary"
    PAYMENT_LINK = "payment_link"
    CORRECTION = "correction"
    CAMPAIGN = "campaign"
    OUT_OF_HOURS = "out_of_hours"
    ALERT = "alert"
    ADDRESS_CODE = "address_code"
    PAYMENT_REQUEST = "payment_request"
    PAYMENT_CHECK = "payment_check"


class ConsentKind(StrEnum):
    """Ways of advertising that a person allows one by one."""

    CALL = "call"
    MESSAGE = "message"
    EMAIL = "email"


class ConsentState(StrEnum):
    """What the newest record says."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class Window(StrEnum):
    """How freely may be written now; `person`: only what a person of ours typed."""

    OPEN = "open"
    PERSON = "person"
    CLOSED = "closed"


CONSENT_OF: Mapping[Channel, ConsentKind] = {
    Channel.PHONE: ConsentKind.CALL,
    Channel.SMS: ConsentKind.MESSAGE,
    Channel.WHATSAPP: ConsentKind.MESSAGE,
    Channel.INSTAGRAM: ConsentKind.MESSAGE,
    Channel.WEB_CHAT: ConsentKind.MESSAGE,
    Channel.OTA: ConsentKind.MESSAGE,
    Channel.EMAIL: ConsentKind.EMAIL,
}
ADDRESSES: Mapping[Channel, tuple[IdentityKind, ...]] = {
    Channel.WHATSAPP: (IdentityKind.WHATSAPP_USER, IdentityKind.PHONE),
    Channel.SMS: (IdentityKind.PHONE,),
    Channel.EMAIL: (IdentityKind.EMAIL,),
    Channel.INSTAGRAM: (IdentityKind.INSTAGRAM_USER,),
    Channel.WEB_CHAT: (IdentityKind.WEB_VISITOR,),
    Channel.OTA: (IdentityKind.OTA_RESERVATION, IdentityKind.OTA_RELAY),
}
BY_ITSELF = frozenset({Purpose.OUT_OF_HOURS, Purpose.ALERT, Purpose.ADDRESS_CODE})
"""What a machine writes, and nobody has any use for later: nobody is told when it cannot go."""
VERIFIED_BY = frozenset({Vouching.NETWORK, Vouching.CODE, Vouching.SIGNED_MAIL})
_FREE = timedelta(hours=24)
_HUMAN_AGENT = timedelta(days=7)
_LONGEST: Mapping[Channel, int] = {Channel.SMS: 918, Channel.WHATSAPP: 4096, Channel.INSTAGRAM: 1000}
_USUAL_LENGTH = 8000


def window_of(channel: Channel, written_at: datetime | None, now: datetime) -> Window:
    """How freely may be written to somebody who wrote last at `written_at` (None: never)."""
    if channel not in {Channel.WHATSAPP, Channel.INSTAGRAM}:
        return Window.OPEN
    if written_at is None:
        return Window.CLOSED
    if now < written_at + _FREE:
        return Window.OPEN
    is_human = channel is Channel.INSTAGRAM and now < written_at + _HUMAN_AGENT
    return Window.PERSON if is_human else Window.CLOSED


def longest_text(channel: Channel) -> int:
    """Characters one message may have; SMS: six parts of a long one."""
    return _LONGEST.get(channel, _USUAL_LENGTH)


# Stems end with `*`. "Angebot" and "teklif" are not among them: an offer that was asked for is no advertisement.
_COMMERCIAL = (
    "kampanya*", "indirim*", "firsat*", "kacirma*", "hediye*", "son sans", "ucretsiz gece",
    "erken rezervasyon avantaj*",
    "discount*", "special offer*", "special deal*", "best deal*", "limited time", "hurry", "promo", "promotion*",
    "miss out", "gift", "voucher*", "free night*",
    "rabatt*", "sonderangebot*", "aktionspreis*", "gutschein*", "geschenk*", "sparen", "nur heute", "schnappchen",
    "скидк*", "акци*", "распродаж*", "подар*", "выгодн*", "спешите", "бонус*",
)  # fmt: skip
_PATTERNS = tuple((pattern, pattern_words(pattern)) for pattern in _COMMERCIAL)


def commercial_words(text: str) -> tuple[str, ...]:
    """What in a text advertises, in Turkish, English, German and Russian; empty when nothing does."""
    words = words_of(text)
    return tuple(pattern for pattern, wanted in _PATTERNS if _stands(words, wanted))


def _stands(words: list[str], wanted: tuple[str, ...]) -> bool:
    spans = range(len(words) - len(wanted) + 1)
    return any(all(_fits(words[at + n], one) for n, one in enumerate(wanted)) for at in spans)


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def check_not_commercial(text: str) -> None:
    """Refused when a message that should be transactional advertises."""
    found = commercial_words(text)
    if found:
        raise Refused(
            "This message advertises ({words}); it may not go out as a transactional one.",
            words=", ".join(one.rstrip("*") for one in found),
            hint="Take the words out, or send it as an advertisement to those who allowed it.",
        )
