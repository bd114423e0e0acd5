"""What may be sent about who a guest is."""

from pydantic import BaseModel

from domain.contact import Channel
from integration.http.fields import Code, Line, body_config
from integration.usecases.address_wish import AddressWish


class MergeBody(BaseModel):
    """The other guest, and why the two are one person; the reason is kept."""

    model_config = body_config(other="gst_01KQ3Z6N5W8J4T2V0X9Y7B1C3D", reason="Named the number of her summary.")

    other: Code
    reason: Line


class UnmergeBody(BaseModel):
    """Why the guest is another person after all; it is kept."""

    model_config = body_config(reason="It was his wife's telephone.")

    reason: Line


class AddressBody(BaseModel):
    """Which number or address to prove, the first one we have when neither is given; by which channel the code goes
    there: sms or whatsapp to a number, email to an address."""

    model_config = body_config(phone="0532 111 22 33", via="sms")

    phone: Line | None = None
    email: Line | None = None
    via: Channel | None = None
    hotel: Code | None = None

    def wish(self) -> AddressWish:
        """As the use case takes it."""
        return AddressWish(self.phone, self.email, self.via, self.hotel)


class CodeBody(BaseModel):
    """What the guest read back, and of which number or address."""

    model_config = body_config(phone="0532 111 22 33", code="042917")

    code: Line
    phone: Line | None = None
    email: Line | None = None
    hotel: Code | None = None

    def wish(self) -> AddressWish:
        """As the use case takes it."""
        return AddressWish(self.phone, self.email, None, self.hotel)
