"""What a WhatsApp message says: its text, what came along, and what was chosen, by type of message.

Media come as an id that can be fetched for some days; the bytes are not ours to keep. A type we do not know, and one
that WhatsApp itself could not show (`unsupported`), is still a message: somebody wrote, and waits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from domain.contact import Attachment
from integration.adapters.channels.events import said
from integration.adapters.channels.reading import Part

_MEDIA = {"image": "image", "video": "video", "audio": "audio", "document": "document", "sticker": "sticker"}
_UNKNOWN = (Attachment("unknown"),)
_MOST_CONTACTS = 50


@dataclass(frozen=True, slots=True)
class Content:
    """The written part, the attachments and our facts of a message."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


def content_of(part: Part, kind: str) -> Content:
    """Content of a message whose `type` is `kind`; of nothing, for an empty part."""
    if not part:
        return Content()
    if kind in _MEDIA:
        return _media(part.part(kind), kind)
    return _READERS.get(kind, _unknown)(part)


def referral_facts(referral: Part) -> dict[str, str]:
    """The advertisement or post that a conversation began at."""
    if not referral:
        return {}
    return said(
        source=referral.text("source_type"),
        source_id=referral.token("source_id"),
        source_title=referral.text("headline"),
        click_id=referral.text("ctwa_clid"),
    )


def _media(media: Part, kind: str) -> Content:
    found = Attachment(_MEDIA[kind], media.text("mime_type"), media.token("id"), media.text("filename"))
    return Content(media.text("caption"), (found,), said(voice=media.flag("voice") or None))


def _text(part: Part) -> Content:
    return Content(part.part("text").text("body"))


def _location(part: Part) -> Content:
    place = part.part("location")
    name = " ".join(one for one in (place.text("name"), place.text("address")) if one)
    where = ",".join(_number(place, axis) for axis in ("latitude", "longitude"))
    return Content(name, (Attachment("location", ref=where),))


def _number(place: Part, axis: str) -> str:
    fields = place.raw if isinstance(place.raw, dict) else {}
    value = fields.get(axis)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else place.token(axis)


def _contacts(part: Part) -> Content:
    """Somebody's card is about somebody else: it is no handle of the sender."""
    cards = part.parts("contacts")[:_MOST_CONTACTS]
    return Content("", tuple(Attachment("contact", name=card.part("name").text("formatted_name")) for card in cards))


def _interactive(part: Part) -> Content:
    answer = part.part("interactive")
    kind = answer.text("type")
    chosen = answer.part(kind) if kind else Part(None)
    if not chosen:
        return _unknown(part)
    text = chosen.text("title") or chosen.text("body")
    return Content(text, facts=said(choice=chosen.token("id"), form=chosen.text("response_json")))


def _button(part: Part) -> Content:
    button = part.part("button")
    return Content(button.text("text"), facts=said(choice=button.token("payload")))


def _order(part: Part) -> Content:
    order = part.part("order")
    items = order.parts("product_items")
    return Content(order.text("text"), _UNKNOWN, said(type="order", items=len(items)))


def _unknown(part: Part) -> Content:
    errors = part.parts("errors")
    return Content(
        "", _UNKNOWN, said(type=part.text("type") or "unknown", code=errors[0].token("code") if errors else "")
    )


_READERS: dict[str, Callable[[Part], Content]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
}
