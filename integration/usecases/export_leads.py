"""Write leads out, in the columns that an import reads: the new ones can be brought into an empty home.

A row is a lead with what its guest said of days and party: the newest word counts, the note is what was asked for
first. Page by page, so that years fit through a small machine. Whoever may not see guests in clear gets masks, and then
the file can be read but not brought in.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from domain.access import Actor, Permission, mask_email, mask_name, mask_phone
from domain.case import Case, CaseId, CaseKind
from domain.guest import GuestId, IdentityKind
from domain.identity import SAID
from integration.ports.queue_records import CaseWish, StoredMessage
from integration.ports.store import ReadTx
from integration.usecases.contacts import ContactEvent, event_of, in_order, is_from_guest
from integration.usecases.desk import Desk
from integration.usecases.lead_wish import LeadWish, wish_in
from integration.usecases.list_cases import MOST, CaseQuestion, case_wish
from integration.usecases.people import files_of, identities_of
from integration.usecases.tracing import audit
from integration.usecases.views import day, instant
from integration.usecases.write_guest import MAX_NOTE

EXPORTED: Final = (
    "lead_id", "hotel", "status", "channel", "name", "phone", "email", "language", "nationality", "source", "check_in",
    "nights", "adults", "child_ages", "rooms", "note", "opened_at", "assignee", "lost_reason",
)  # fmt: skip
Row = dict[str, str]


@dataclass
class LeadExport:
    """An export under way. `is_clear`: guests are shown as they are; `count`: rows so far."""

    desk: Desk
    actor: Actor
    asked: CaseQuestion
    count: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether whoever asks may see guests in clear."""
        return self.actor.may(Permission.SEE_CLEAR)

    async def pages(self) -> AsyncIterator[list[Row]]:
        """Rows in the columns EXPORTED, newest lead first; leaves an audit row at the end."""
        self.actor.require(Permission.READ)
        desk, now = self.desk, self.desk.clock.now()
        wish = case_wish(desk, replace(self.asked, kind=CaseKind.SALES), now)
        while True:
            rows, last = await desk.store.read(partial(self._page, wish))
            self.count += len(rows)
            yield rows
            if last is None:
                break
            wish = replace(wish, after=last)
        ids = {"hotel_id": wish.hotel_id, "rows": str(self.count)}
        fields = ("name", "phone", "email") if self.is_clear else ()
        await desk.store.transact(lambda tx: audit(tx, self.actor, now, "leads_exported", ids, fields=fields))

    def _page(self, wish: CaseWish, tx: ReadTx) -> tuple[list[Row], CaseId | None]:
        found = tx.list_cases(wish, MOST)
        last = found[-1].case_id if len(found) == MOST else None
        return [self._row(tx, one) for one in found], last

    def _row(self, tx: ReadTx, case: Case) -> Row:
        said = [row for row in in_order(tx.messages_of(case.case_id)) if is_from_guest(row)]
        wish = wish_of(said)
        return {
            "lead_id": case.case_id,
            "hotel": case.hotel_id,
            "status": case.lead_status.value if case.lead_status else "",
            "channel": case.channel,
            **self._guest(tx, case),
            "source": wish.source,
            "check_in": day(wish.check_in) or "",
            "nights": _text(wish.nights),
            "adults": _text(wish.adults),
            "child_ages": ";".join(map(str, wish.child_ages)),
            "rooms": _text(wish.rooms),
            "note": _note(said),
            "opened_at": instant(case.opened_at) or "",
            "assignee": case.assignee or "",
            "lost_reason": case.lost_reason or "",
        }

    def _guest(self, tx: ReadTx, case: Case) -> Row:
        guest = tx.get_guest(GuestId(case.guest_id)) if case.guest_id else None
        if guest is None:
            return dict.fromkeys(("name", "phone", "email", "language", "nationality"), "")
        known = identities_of(tx, files_of(tx, guest.guest_id))
        shown = {
            kind: next((one.value for one in known if one.kind is kind and one.scope in {"", f"{SAID}:"}), "")
            for kind in (IdentityKind.PHONE, IdentityKind.EMAIL)
        }
        phone, email = shown[IdentityKind.PHONE], shown[IdentityKind.EMAIL]
        if not self.is_clear:
            phone, email = mask_phone(phone) if phone else "", mask_email(email) if email else ""
        return {
            "name": guest.full_name if self.is_clear else mask_name(guest.full_name),
            "phone": phone,
            "email": email,
            "language": guest.language,
            "nationality": guest.nationality,
        }


def wish_of(rows: Iterable[StoredMessage]) -> LeadWish:
    """What a lead wants by all its contacts, oldest first: of each thing the newest word."""
    whole = LeadWish()
    for row in rows:
        said = wish_in(row.document)
        known = {name: value for name in LeadWish.__slots__ if (value := getattr(said, name)) not in {None, "", ()}}
        whole = replace(whole, **known)
    return whole


def _note(rows: Sequence[StoredMessage]) -> str:
    """What was asked for first: in a lead, else in whatever was written."""
    leads = [row for row in rows if event_of(row) is ContactEvent.LEAD]
    text = next((row.text for row in (*leads, *rows) if row.text), "")
    return "".join(one for one in text if one.isprintable() or one in "\n\t").strip()[:MAX_NOTE].strip()


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
