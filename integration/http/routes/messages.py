"""What goes out to guests: answers in a case, offers, summaries, payment links; and what they allow."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from domain.contact import Channel
from domain.outbound import ConsentState
from integration.http.describe import KeyUse, operation
from integration.http.fields import Code, Line, MoneyBody, Prose, body_config
from integration.http.shapes.messages import Consents, Sending
from integration.http.visit import enter
from integration.usecases.consents import BY_TELEPHONE, ConsentWish, keep_consent
from integration.usecases.reply_case import reply_case
from integration.usecases.request_payment import request_payment
from integration.usecases.send_offer import send_offer, send_summary

router = APIRouter()


class ReplyBody(BaseModel):
    """An answer; without `via` on the channel the guest wrote on last."""

    model_config = body_config(text="Yes, we have a family room in July.", via="whatsapp")

    text: Prose
    via: Channel | None = None


class SendBody(BaseModel):
    """By which channel: whatsapp, sms or email."""

    model_config = body_config(via="whatsapp")

    via: Channel


class PaymentLinkBody(BaseModel):
    """By which channel, and how much; without an amount what the deposit lacks."""

    model_config = body_config(via="whatsapp", amount={"amount": "450.00", "currency": "EUR"})

    via: Channel
    amount: MoneyBody | None = None


class ConsentBody(BaseModel):
    """Whether advertisements by a channel are allowed, and how that was said."""

    model_config = body_config(via="sms", state="granted", source="HS_CAGRI_MERKEZI")

    via: Channel
    state: ConsentState
    source: Code = BY_TELEPHONE
    evidence: Line = ""

    def wish(self) -> ConsentWish:
        """As the use case takes it."""
        return ConsentWish(self.via, self.state, self.source, self.evidence)


@router.post(
    "/v1/cases/{case_id}/messages",
    **operation("replyCase", "Answer in a case", Sending, body=ReplyBody, key=KeyUse.OPTIONAL),
)
async def reply(request: Request, case_id: str) -> Response:
    """Write to the guest; the first answer a provider accepts stops the clock of the first response."""
    visit = await enter(request)
    body = await visit.body(ReplyBody)
    key = visit.key()
    return await visit.write(reply_case(visit.desk, visit.actor, case_id, body.text, key, body.via))


@router.post(
    "/v1/offers/{offer_id}/send",
    **operation("sendOffer", "Send an offer", Sending, body=SendBody, key=KeyUse.OPTIONAL),
)
async def offer(request: Request, offer_id: str) -> Response:
    """Send the choices, in the guest's language, to an address that is verified."""
    visit = await enter(request)
    body = await visit.body(SendBody)
    return await visit.write(send_offer(visit.desk, visit.actor, offer_id, body.via, visit.key()))


@router.post(
    "/v1/reservations/{reservation_id}/send",
    **operation("sendSummary", "Send a summary", Sending, body=SendBody, key=KeyUse.OPTIONAL),
)
async def summary(request: Request, reservation_id: str) -> Response:
    """Send what is booked, to an address that is verified."""
    visit = await enter(request)
    body = await visit.body(SendBody)
    return await visit.write(send_summary(visit.desk, visit.actor, reservation_id, body.via, visit.key()))


@router.post(
    "/v1/reservations/{reservation_id}/payment-link",
    **operation("requestPayment", "Send a payment link", Sending, body=PaymentLinkBody, key=KeyUse.OPTIONAL),
)
async def payment_link(request: Request, reservation_id: str) -> Response:
    """Ask for a payment by link; a hold becomes an option whose end is the link's end."""
    visit = await enter(request)
    body = await visit.body(PaymentLinkBody)
    amount = body.amount.money() if body.amount is not None else None
    key = visit.key()
    return await visit.write(request_payment(visit.desk, visit.actor, reservation_id, key, body.via, amount))


@router.post(
    "/v1/guests/{guest_id}/consents",
    **operation("keepConsent", "Keep a consent", Consents, body=ConsentBody, key=KeyUse.OPTIONAL),
)
async def consent(request: Request, guest_id: str) -> Response:
    """Keep that a guest allowed advertisements by a channel, or took it back."""
    visit = await enter(request)
    body = await visit.body(ConsentBody)
    return await visit.write(keep_consent(visit.desk, visit.actor, guest_id, body.wish(), visit.key()))
