"""What may be sent about people and to them: guests, calls, notes on offers."""

from datetime import date

from pydantic import BaseModel

from domain.case import CallEnd, CallOutcome, Direction
from integration.http.fields import Code, Codes, Line, NoteBody, Prose, body_config
from integration.usecases.take_calls import CallStart
from integration.usecases.write_guest import GuestCard


class GuestBody(BaseModel):
    """What is known of a guest; any spelling of a telephone number."""

    model_config = body_config(name="Anna Schmidt", phone="+49 151 23456789", language="de", nationality="DE")

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    language: Code | None = None
    nationality: Code | None = None

    def card(self) -> GuestCard:
        """As the use case takes it."""
        return GuestCard(self.name, self.phone, self.email, self.language, self.nationality)


class GuestWriteBody(GuestBody):
    """A guest to be created or changed, and the hotel in whose PMS."""

    hotel: Code | None = None


class GuestNoteBody(NoteBody):
    """A note on a guest, and the hotel in whose PMS it is kept too."""

    hotel: Code | None = None


class RevealBody(BaseModel):
    """Why a guest's name and numbers must be seen in clear; it is kept in the audit."""

    model_config = body_config(reason="Guest asked to check the number we call back.")

    reason: Prose


class CallBody(BaseModel):
    """Who rings whom."""

    model_config = body_config(phone="0532 111 22 33", direction="in")

    phone: Line | None = None
    direction: Direction = Direction.IN
    hotel: Code | None = None
    guest_id: Code | None = None

    def start(self) -> CallStart:
        """As the use case takes it."""
        return CallStart(self.phone, self.direction, self.hotel, self.guest_id)


class CallEndBody(BaseModel):
    """How the call ended: a lost one with its reason, a follow-up with its day."""

    model_config = body_config(outcome="follow_up", due="2027-06-01")

    outcome: CallOutcome
    lost_reason: Code | None = None
    due: date | None = None

    def end(self) -> CallEnd:
        """As the domain has it; OutcomeMissing when half of it is."""
        return CallEnd(self.outcome, self.lost_reason, self.due)


class OfferNoteBody(BaseModel):
    """A note, coded special requests, or both."""

    model_config = body_config(text="Prefers a quiet room.", requests=["late_check_in"])

    text: Prose | None = None
    requests: Codes = ()
