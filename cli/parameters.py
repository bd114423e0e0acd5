"""Options and arguments that several commands share, each declared once with its help."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

ReservationId = Annotated[str, Argument(metavar="ID", help="Reservation id (res_...).", show_default=False)]
OfferId = Annotated[str, Argument(metavar="ID", help="Offer id (off_...).", show_default=False)]
GuestId = Annotated[str, Argument(metavar="ID", help="Guest id (gst_...).", show_default=False)]
NoteText = Annotated[str, Argument(metavar="TEXT", help="What to keep, 1 to 2000 characters.", show_default=False)]

Key = Annotated[
    str | None, Option("--key", help="Request key: the same key never does the same thing twice.", show_default=False)
]
Yes = Annotated[bool, Option("--yes", "-y", help="Do not ask.")]
DryRun = Annotated[bool, Option("--dry-run", help="Show what it would do and cost; write nothing.")]
CallId = Annotated[
    str | None, Option("--call", help="Call it belongs to; default: the actor's open call.", show_default=False)
]
CaseId = Annotated[
    str | None,
    Option("--case", help="Case it belongs to: of a guest who writes, not rings.", metavar="ID", show_default=False),
]
Requests = Annotated[
    list[str] | None, Option("--request", help="Code of a special request; may be repeated.", show_default=False)
]
Guarantee = Annotated[
    str | None,
    Option("--guarantee", help="card, agency, company, or deposit when it has been paid.", show_default=False),
]
SheetFile = Annotated[Path, Argument(metavar="FILE", help="CSV or XLSX file.", show_default=False)]
ResultFile = Annotated[
    Path | None,
    Option(
        "--result",
        help="One line and reason per row; default: FILE.result.csv, none for a dry run.",
        show_default=False,
    ),
]
Jobs = Annotated[int, Option("--jobs", help="Rows at a time (1 to 32).", min=1, max=32)]
Limit = Annotated[int, Option("--limit", help="At most so many rows (1 to 200).", min=1, max=200)]

CheckIn = Annotated[str | None, Option("--check-in", help="Day of arrival, YYYY-MM-DD.", show_default=False)]
Nights = Annotated[int | None, Option("--nights", help="Number of nights.", show_default=False)]
Adults = Annotated[int | None, Option("--adults", help="Number of adults.", show_default=False)]
Children = Annotated[list[int] | None, Option("--child", help="Age of a child; may be repeated.", show_default=False)]
RoomType = Annotated[str | None, Option("--room-type", help="Code of a room type.", show_default=False)]
RatePlan = Annotated[str | None, Option("--rate-plan", help="Code of a rate plan.", show_default=False)]
Currency = Annotated[str | None, Option("--currency", help="Currency of the price (EUR, TRY).", show_default=False)]
Market = Annotated[
    str | None, Option("--market", help="Market the guest comes from (TR, DE, ...).", show_default=False)
]
Promo = Annotated[str | None, Option("--promo", help="Promotion code.", show_default=False)]
Rooms = Annotated[int, Option("--rooms", help="Number of rooms.")]

Name = Annotated[str | None, Option("--name", help="Full name.", show_default=False)]
Phone = Annotated[str | None, Option("--phone", help="Telephone number, in any spelling.", show_default=False)]
Email = Annotated[str | None, Option("--email", help="E-mail address.", show_default=False)]
GuestLanguage = Annotated[
    str | None, Option("--guest-lang", help="Language of the guest (tr, en, de, ru).", show_default=False)
]
Nationality = Annotated[str | None, Option("--nationality", help="Country code (TR, DE, ...).", show_default=False)]

Via = Annotated[str, Option("--via", help="Channel: whatsapp, sms or email.", show_default=False)]

Host = Annotated[str, Option("--host", help="Address to listen on.")]
Port = Annotated[int, Option("--port", help="Port to listen on; 0 takes any free one.", min=0, max=65535)]
