"""Tell the house that a clock was escalated: one mail to the supervisors' mailbox, if the hotel file names one.

The mail is a row of the outbox, queued in the transaction that says the escalation, under a key made of case, clock and
the instant it began to run: once for each run of a clock, whoever looks and however often. It names the case and
nobody's name. An hour later it is of no use any more and is not sent.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from domain.case import CaseId
from domain.contact import Channel, Sender
from domain.guest import ChannelIdentity, IdentityKind
from domain.hotel import HotelTerms
from domain.outbound import Purpose
from domain.plan_words import plan_words
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from integration.usecases.people import standing_case
from integration.usecases.queue_message import OUTBOX, Draft, put

OF_USE_FOR = timedelta(hours=1)
SUBJECT = N_("{hotel}: case {case_id} is late")
TEXT = N_("{clock} of case {case_id} ({channel}) is late and was escalated. It has been running since {since}.")
HOW = N_("Look at it with: {command}")
CLOCKS: Mapping[str, str] = {
    "first_response": N_("First response"),
    "next_response": N_("Next response"),
    "resolution": N_("Resolution"),
    "call_back": N_("Call-back"),
}


def alert_supervisor(desk: Desk, tx: Tx, hotel_id: str, case_id: CaseId, clock: str, started_ms: int) -> None:
    """Queue the mail; nothing where nobody is to be told."""
    hotel = desk.hotels.get(hotel_id)
    case = standing_case(tx, case_id)
    if hotel is None or not hotel.escalate_to or case is None:
        return
    draft = Draft(
        hotel_id=hotel_id,
        channel=Channel.EMAIL,
        to=ChannelIdentity(IdentityKind.EMAIL, hotel.escalate_to),
        purpose=Purpose.ALERT,
        document=_document(desk, hotel, case.case_id, case.channel, clock, started_ms),
        sender=Sender.AUTOMATIC,
        key=f"escalated:{case_id}:{clock}:{started_ms}",
        more={"use_by": (desk.clock.now() + OF_USE_FOR).isoformat(), "about_case": case.case_id},
    )
    put(desk, tx, OUTBOX, draft)


def _document(
    desk: Desk, hotel: HotelTerms, case_id: CaseId, channel: str, clock: str, started_ms: int
) -> Mapping[str, object]:
    language = next(iter(hotel.languages), "en")
    say = desk.phrases.say
    since = datetime.fromtimestamp(started_ms / 1000, UTC).astimezone(hotel.zone)
    values = {
        "case_id": case_id,
        "channel": plan_words(language)(channel),
        "clock": say(language, CLOCKS.get(clock, clock)),
        "since": since,
    }
    lines = (say(language, TEXT, values), say(language, HOW, {"command": f"santral case show {case_id}"}))
    subject = say(language, SUBJECT, {"hotel": hotel.name, "case_id": case_id})
    return {"text": "\n".join(lines), "subject": subject, "language": language}
