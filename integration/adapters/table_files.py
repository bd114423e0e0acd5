"""A table of typed columns as CSV or Parquet, in memory: the same table gives the same bytes, whenever it is written.

CSV is for people and spreadsheets: a byte order mark, no text that a spreadsheet would run, amounts as exact decimals,
lists as JSON. Parquet is for programs: every column has its type (amounts are decimals, instants are in UTC), texts are
as they are. Parquet needs the extra `parquet`.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from integration.adapters.sheets_out import safe_text
from integration.errors import ConfigurationError
from integration.usecases.kpi_tables import PLACES, Kind, Table
from integration.usecases.marks import N_
from integration.usecases.sheet_cells import FORMULA

_RISKY = (*FORMULA, "'")
_MOST_DIGITS = 24


def csv_bytes(table: Table) -> bytes:
    """As CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.headings or [name for name, _ in table.columns])
    write = [_CELLS[kind] for _, kind in table.columns]
    writer.writerows(
        [one(cell) if cell is not None else "" for one, cell in zip(write, row, strict=True)] for row in table.rows
    )
    return out.getvalue().encode("utf-8-sig")


def _text(text: str) -> str:
    """Nearly every text is plain, and is passed on without a look at each letter."""
    return safe_text(text) if text.startswith(_RISKY) or not text.isprintable() else text


def _instant(at: datetime) -> str:
    return f"{at.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def _flag(flag: bool) -> str:  # noqa: FBT001 - a cell
    return "true" if flag else "false"


def _list(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False) if texts else ""


def _decimal(amount: Decimal) -> str:
    return f"{amount:f}"


_CELLS: Mapping[Kind, Callable[[Any], object]] = {
    Kind.TEXT: _text,
    Kind.DAY: str,
    Kind.INSTANT: _instant,
    Kind.WHOLE: str,
    Kind.NUMBER: repr,
    Kind.FLAG: _flag,
    Kind.DECIMAL: _decimal,
    Kind.LIST: _list,
}


def parquet_bytes(table: Table) -> bytes:
    """As Parquet, Snappy-compressed; ConfigurationError without the extra."""
    import_parquet()
    import pyarrow as pa  # noqa: PLC0415 - an extra, and 170 MB
    import pyarrow.parquet as pq  # noqa: PLC0415

    kinds = {
        Kind.TEXT: pa.string(),
        Kind.DAY: pa.date32(),
        Kind.INSTANT: pa.timestamp("ms", tz="UTC"),
        Kind.WHOLE: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DECIMAL: pa.decimal128(_MOST_DIGITS, PLACES),
        Kind.LIST: pa.list_(pa.string()),
    }
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    arrays = [pa.array(cells, kinds[kind]) for cells, (_, kind) in zip(columns, table.columns, strict=True)]
    names = table.headings or tuple(name for name, _ in table.columns)
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=list(names)), out, compression="snappy")
    return bytes(out.getvalue().to_pybytes())


def import_parquet() -> None:
    """ConfigurationError when the extra is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise ConfigurationError(
            "Parquet needs pyarrow, which is not installed.",
            hint=N_('`pip install "santral[parquet]"` installs it; CSV and XLSX need nothing.'),
        ) from error


WRITERS: Mapping[str, Callable[[Table], bytes]] = {"csv": csv_bytes, "parquet": parquet_bytes}
