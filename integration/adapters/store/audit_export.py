"""The audit as JSON Lines that prove themselves: `santral audit export`, verified with the key and nothing else.

The first line is the head with its proof, then one line a row: number, mac (hexadecimal) and `body`, the stored text
itself as a JSON string, because the chain is over its bytes. A file that lost its tail disagrees with its first line.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from domain.errors import InvalidInput, NotFound
from integration.adapters.store.audit_walk import AuditRow, Walk, stated
from integration.adapters.store.chain import Chain, Head
from integration.ports.records import AuditReport

FORMAT = 1
_BATCH = 2000


class HeadLine(msgspec.Struct):
    """The first line."""

    santral_audit: int
    seq: int
    mac: str
    sealed: int
    proof: str


class RowLine(msgspec.Struct):
    """A row."""

    seq: int
    mac: str
    body: str


_encode = msgspec.json.Encoder().encode
_head_line = msgspec.json.Decoder(HeadLine).decode
_row_line = msgspec.json.Decoder(RowLine).decode


def head_text(head: Head) -> str:
    """The first line of an export."""
    return _encode(HeadLine(FORMAT, head.seq, head.mac.hex(), head.sealed, head.proof.hex())).decode()


def row_text(row: AuditRow) -> str:
    """A row as a line of an export; bytes that are no text are escaped, and will not verify."""
    seq, _, _, _, body, mac = row
    return _encode(RowLine(seq, (mac or b"").hex(), bytes(body).decode("utf-8", "backslashreplace"))).decode()


def _head_of(path: Path, line: bytes) -> Head:
    try:
        read = _head_line(line)
        head = Head(read.seq, bytes.fromhex(read.mac), read.sealed, bytes.fromhex(read.proof))
    except ValueError:
        read = None
    if read is None or read.santral_audit != FORMAT:
        raise InvalidInput("{place} is not an export of the audit.", place=str(path), field="file")
    return head


def _row_of(line: bytes, expected: int) -> AuditRow:
    """The row of a line; one that cannot be read stands for the row that was due there, altered."""
    try:
        read = _row_line(line)
        body, mac = read.body.encode(), bytes.fromhex(read.mac)
    except ValueError:
        return (expected, 0, b"", b"", b"", b"")
    said = stated(body)
    if said is None:
        return (read.seq, 0, b"", b"", body, mac)
    return (read.seq, said.at, said.actor.encode(), said.action.encode(), body, mac)


def _rows_of(lines: Iterable[bytes], before: int) -> Iterator[AuditRow]:
    """Rows behind number `before`."""
    for line in lines:
        row = _row_of(line, before + 1)
        before = max(row[0], before)
        yield row


def verify_export(path: Path, chain: Chain) -> AuditReport:
    """Walk an export. NotFound without the file, InvalidInput when it is none."""
    try:
        with path.open("rb") as lines:
            head = _head_of(path, next(lines, b""))
            return _walked(Walk(chain, head, head.seq, None), lines)
    except OSError as error:
        raise NotFound("There is no file {place} that can be read.", place=str(path)) from error


def _walked(walk: Walk, lines: Iterator[bytes]) -> AuditReport:
    while some := list(islice(lines, _BATCH)):
        walk.take(_rows_of(some, walk.seq))
        if walk.is_done:
            break
    walk.finish()
    return walk.report()
