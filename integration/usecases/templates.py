"""What guests read in messages of ours: offers, summaries, payment links, the notice, the answer out of hours.

Every text exists twice: as sentences (inside a channel's window) and as the values of an approved template (outside of
it), in the guest's language. A summary holds the least that is of use: hotel, number, days, room, amount; never a name,
a wish or anything about health. A line for whoever is the wrong person closes it. Templates are held against
`domain.outbound.commercial_words` by a test, in all four languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.hotel import HotelTerms
from domain.money import Money
from domain.offer import Choice, Offer
from domain.outbound import Purpose
from domain.reservation import TIMED, Reservation, ReservationState
from integration.ports.surroundings import Phrases
from integration.usecases.labels import board_label
from integration.usecases.marks import N_

OFFER_HEAD = N_("{hotel}: what we can offer you from {check_in} to {check_out}.")
OFFER_LINE = N_("{number}) {room}, {board}: {total}")
OFFER_UNTIL = N_("These prices are kept for you until {until}. Write the number to us, or call us.")
CONFIRMED = N_("{hotel}: your reservation {number} is confirmed. {check_in} to {check_out}, {room}, {board}. {total}.")
KEPT = N_(
    "{hotel}: room kept for you, number {number}, until {until}. {check_in} to {check_out}, {room}, {board}. {total}."
)
STANDS = N_("{hotel}: about your reservation {number}. {check_in} to {check_out}, {room}, {board}. {total}.")
PAY = N_(
    "{hotel}: to pay {amount} for number {number}, open {url} . The link can be used until {until}. We never ask for "
    "card numbers on the telephone or in messages."
)
WRONG_PERSON = N_("If this is not about you, please tell us and we will not write to you again.")
NOTICE = N_("How we use your data: {url}")
AWAY = N_("Thank you for writing to us. Nobody is here now; we will answer you from {when} on.")
AWAY_LATER = N_("Thank you for writing to us. Nobody is here now; we will answer you when we are back.")
CODE = N_(
    "{hotel}: {code} is the code that confirms this address. Tell it only to our agent you are talking to now. It is "
    "valid for {minutes} minutes."
)
CODE_MARK = "******"
OFFER_SUBJECT = N_("Your offer from {hotel}")
SUMMARY_SUBJECT = N_("Your reservation {number} at {hotel}")
PAY_SUBJECT = N_("Payment for your reservation {number} at {hotel}")
CODE_SUBJECT = N_("Your code from {hotel}")
CORRECTION_SUBJECT = N_("Correction of your reservation {number} at {hotel}")
GUEST_TEMPLATES = (
    OFFER_HEAD, OFFER_LINE, OFFER_UNTIL, CONFIRMED, KEPT, STANDS, PAY, WRONG_PERSON, NOTICE, AWAY, AWAY_LATER,
    OFFER_SUBJECT, SUMMARY_SUBJECT, PAY_SUBJECT, CORRECTION_SUBJECT, CODE, CODE_SUBJECT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A message made ready. `values`: what fills the approved template of `purpose`, in order."""

    purpose: Purpose
    language: str
    subject: str
    text: str
    values: tuple[str, ...] = ()

    def document(self) -> Mapping[str, object]:
        """As the outbox keeps it."""
        return {
            "text": self.text,
            "subject": self.subject,
            "language": self.language,
            "template": {"name": self.purpose.value, "values": list(self.values)},
        }


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one hotel in one language."""

    phrases: Phrases
    hotel: HotelTerms
    language: str

    def offer(self, offer: Offer) -> Written:
        """The choices with their prices, and until when they stand."""
        days = {"check_in": offer.stay.check_in, "check_out": offer.stay.check_out}
        head = self._say(OFFER_HEAD, hotel=self.hotel.name, **days)
        lines = [self._choice(one) for one in offer.choices]
        until = self._at(offer.valid_until)
        text = "\n".join((head, *lines, self._say(OFFER_UNTIL, until=until)))
        values = (self.hotel.name, *(self._day(one) for one in days.values()), "; ".join(lines), until)
        return Written(Purpose.OFFER, self.language, self._say(OFFER_SUBJECT, hotel=self.hotel.name), text, values)

    def summary(self, one: Reservation) -> Written:
        """What is booked, in one sentence."""
        values: dict[str, object] = {
            "hotel": self.hotel.name,
            "number": one.pms_ref or one.reservation_id,
            "check_in": one.stay.check_in,
            "check_out": one.stay.check_out,
            "room": self._room(one.room_type),
            "board": board_label(self.phrases, self.language, one.board),
            "total": one.total,
        }
        template = CONFIRMED if one.state is ReservationState.CONFIRMED else STANDS
        if one.state in TIMED and one.expires_at is not None:
            template, values["until"] = KEPT, self._at(one.expires_at)
        sentence = self._say(template, **values)
        subject = self._say(SUMMARY_SUBJECT, hotel=self.hotel.name, number=values["number"])
        return Written(Purpose.SUMMARY, self.language, subject, self._closed(sentence), (sentence,))

    def payment_link(self, number: str, amount: Money, url: str, until: datetime) -> Written:
        """Where to pay what, and until when."""
        values = {"hotel": self.hotel.name, "amount": amount, "number": number, "url": url, "until": self._at(until)}
        subject = self._say(PAY_SUBJECT, hotel=self.hotel.name, number=number)
        shown = (self.hotel.name, self.phrases.money(self.language, amount), number, url, self._at(until))
        return Written(Purpose.PAYMENT_LINK, self.language, subject, self._closed(self._say(PAY, **values)), shown)

    def correction(self, number: str, sentence: str) -> Written:
        """What is true of a reservation that was entered, changed or cancelled by mistake."""
        subject = self._say(CORRECTION_SUBJECT, hotel=self.hotel.name, number=number)
        return Written(Purpose.CORRECTION, self.language, subject, self._closed(sentence), (sentence,))

    def address_code(self, minutes: int) -> Written:
        """A code that proves an address; a mark stands where its digits are put when it is sent."""
        said = {"hotel": self.hotel.name, "code": CODE_MARK, "minutes": minutes}
        subject = self._say(CODE_SUBJECT, hotel=self.hotel.name)
        values = (self.hotel.name, CODE_MARK, str(minutes))
        return Written(Purpose.ADDRESS_CODE, self.language, subject, self._closed(self._say(CODE, **said)), values)

    def notice(self) -> str:
        """Where to read how data is used; empty for a hotel that names no place."""
        return self._say(NOTICE, url=self.hotel.notice_url) if self.hotel.notice_url else ""

    def away(self, opens_at: datetime | None) -> Written:
        """Nobody is here, and from when on somebody is."""
        text = self._say(AWAY_LATER) if opens_at is None else self._say(AWAY, when=self._at(opens_at))
        return Written(Purpose.OUT_OF_HOURS, self.language, "", text)

    def _choice(self, choice: Choice) -> str:
        one = choice.candidate
        board = board_label(self.phrases, self.language, one.board)
        return self._say(OFFER_LINE, number=choice.number, room=self._room(one.room_type), board=board, total=one.total)

    def _room(self, code: str) -> str:
        found = self.hotel.room_types.get(code)
        return found.called(self.language) if found is not None else code

    def _closed(self, sentence: str) -> str:
        return f"{sentence}\n{self._say(WRONG_PERSON)}"

    def _day(self, day: object) -> str:
        return self.phrases.day(self.language, day)

    def _at(self, moment: datetime) -> str:
        return self.phrases.day(self.language, moment.astimezone(self.hotel.zone))

    def _say(self, template: str, **values: object) -> str:
        return self.phrases.say(self.language, template, values or None)
