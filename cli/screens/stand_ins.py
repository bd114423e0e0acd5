"""What the stand-ins of the channels hold, as people read it."""

from datetime import UTC, datetime
from typing import Any

from cli.screens.blocks import Facts, Heading, Screen, Table, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_
from integration.usecases.views import instant
from pms_mock.channels.memory import Link, Sent


def sent_body(one: Sent) -> dict[str, Any]:
    """A message a stand-in took, as it was sent."""
    return {
        "number": one.number,
        "provider": one.provider,
        "at": instant(datetime.fromtimestamp(one.at_ms / 1000, UTC)),
        "provider_id": one.provider_id,
        "correlation": one.correlation,
        "receiver": one.receiver,
        "body": dict(one.body),
    }


def link_body(one: Link) -> dict[str, Any]:
    """A payment link."""
    return {
        "token": one.token,
        "provider": one.provider,
        "correlation": one.correlation,
        "amount": {"amount": one.amount, "currency": one.currency},
        "status": one.state,
        "payment_id": one.payment_id or None,
    }


def sent(body: Body, t: Reader) -> Screen:
    """What was taken, and links."""
    rows = tuple(
        (one["number"], one["provider"], t.instant(one["at"]), one["receiver"], one["correlation"])
        for one in body["sent"]
    )
    headers = t.words(N_("Number"), N_("Provider"), N_("At"), N_("To"), N_("Our number"))
    links = tuple((one["token"], one["provider"], t.money(one["amount"]), one["status"]) for one in body["links"])
    names = t.words(N_("Token"), N_("Provider"), N_("Amount"), N_("State"))
    blocks: Screen = [Table(headers, rows) if rows else Text(t(N_("The stand-ins were sent nothing.")))]
    if links:
        blocks += [Heading(t(N_("Payment links"))), Table(names, links)]
    return blocks


def armed(body: Body, t: Reader) -> Screen:
    """A fault to come."""
    rows = ((t(N_("Provider")), body["provider"]), (t(N_("Fault")), body["kind"]), (t(N_("Times")), body["times"]))
    return [Facts(rows)]


def paid(body: Body, t: Reader) -> Screen:
    """A link that was paid."""
    rows = (
        (t(N_("Token")), body["token"]),
        (t(N_("Payment")), body["payment_id"]),
        (t(N_("The service answered")), body["answered"]),
    )
    return [Facts(rows)]


def reported(body: Body, t: Reader) -> Screen:
    """What became of a short message."""
    rows = (
        (t(N_("Number")), body["number"]),
        (t(N_("Provider")), body["provider"]),
        (t(N_("State")), body["status"]),
        (t(N_("The service answered")), body["answered"]),
    )
    return [Facts(rows)]


def written(body: Body, t: Reader) -> Screen:
    """A message that waits at Booking.com."""
    rows = (
        (t(N_("Message")), body["message_id"]),
        (t(N_("Reservation")), body["reservation"]),
        (t(N_("Waiting")), body["waiting"]),
    )
    return [Facts(rows)]
