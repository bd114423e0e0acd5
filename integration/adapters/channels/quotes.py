"""What somebody wrote, without the earlier mails below or between it.

Mail programs mark what they quote in three ways: `>` before every line, a sentence above it that says who wrote when,
in the program's language, or a block of From, Sent, To and Subject, below which everything is old. The sentences and
words of Turkish, English, German and Russian programs are known here. Signatures after `-- ` go too. If nothing is
left, or nothing could be told apart, the whole text stays: an answer that is written between the lines is never lost.
"""

import re

_QUOTED = re.compile(r"^\s*>")
_SIGNATURE = re.compile(r"^--\s?$")
_MAIL_OR_TIME = r"(?:[^\n]{0,200}(?:@|[0-9]{1,2}[:.][0-9]{2})[^\n]{0,200})"
_WROTE = re.compile(
    rf"^\s*(?:"
    rf"On\b{_MAIL_OR_TIME}\bwrote:"
    rf"|Am\b{_MAIL_OR_TIME}\bschrieb\b[^\n]{{0,200}}:"
    rf"|{_MAIL_OR_TIME}\b(?:şunu|şunları)?\s?yazdı:"
    rf"|{_MAIL_OR_TIME}(?:\bпишет|\bписал(?:а|\(а\))?|\bнаписал(?:а|\(а\))?):"
    rf"|[^\n]{{0,60}}[0-9]{{4}}\s?г\.[^\n]{{0,40}}[0-9]{{1,2}}:[0-9]{{2}}[^\n]{{0,200}}<[^\n<>]{{3,200}}>:"
    rf")\s*$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^\s*-{3,}\s*(?:Original Message|Forwarded message|Özgün İleti|Orijinal İleti|Orijinal Mesaj|İletilen ileti"
    r"|Ursprüngliche Nachricht|Weitergeleitete Nachricht|Исходное сообщение|Пересылаемое сообщение)\s*-{3,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:From|Kimden|Gönderen|Von|От|От кого)\s?:\*?\s", re.IGNORECASE)
_SENT = re.compile(
    r"^\s*\*?(?:Sent|Date|To|Gönderildi|Gönderme Tarihi|Tarih|Kime|Gesendet|Datum|An|Отправлено|Дата|Кому)\s?:\*?\s",
    re.IGNORECASE,
)
_NEAR, _MOST_WRAPPED, _NEXT = 3, 3, 10


def without_quotes(text: str) -> str:
    """What is new in `text`; all of it when nothing would be left."""
    lines = text.split("\n")
    kept: list[str] = []
    place = 0
    while place < len(lines):
        if _ends_here(lines, place):
            break
        said_by = _attribution(lines, place)
        if said_by:
            place += said_by
        elif _QUOTED.match(lines[place]):
            place += 1
        else:
            kept.append(lines[place])
            place += 1
    new = "\n".join(kept).strip()
    return new or text.strip()


def _ends_here(lines: list[str], place: int) -> bool:
    """Whether everything from here on is old: a divider, a block of headers, a signature."""
    line = lines[place]
    if _DIVIDER.match(line) or _SIGNATURE.match(line):
        return True
    return bool(_FROM.match(line)) and any(_SENT.match(near) for near in lines[place + 1 : place + 1 + _NEAR])


def _attribution(lines: list[str], place: int) -> int:
    """How many lines the sentence takes that says who wrote what follows; 0 when there is none.

    Programs break it over up to three lines. It counts only with a quoted line, or nothing at all, after it."""
    for count in range(1, _MOST_WRAPPED + 1):
        last = lines[place + count - 1 : place + count]
        if not last or (count > 1 and not last[0].strip()):
            return 0
        if last[0].rstrip().endswith(":") and _WROTE.match(" ".join(lines[place : place + count])):
            after = next((line for line in lines[place + count : place + count + _NEXT] if line.strip()), "")
            return count if not after or _QUOTED.match(after) else 0
    return 0
