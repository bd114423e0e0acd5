"""Whatever changes is noted for the KPIs in the same transaction, by the database itself: no writer can forget it.

A note is a row of `kpi_dirty`: kind and id. A change of something already noted raises its stamp, so that whoever
counts takes the note away only if nothing has happened since it looked (and waits, on PostgreSQL, for a writer whose
change it cannot see yet).
"""

# Table, what happens to it, kind and column of what is noted.
NOTED = (
    ("cases", "INSERT", "case", "case_id"),
    ("cases", "UPDATE", "case", "case_id"),
    ("case_events", "INSERT", "case", "case_id"),
    ("handoffs", "INSERT", "case", "case_id"),
    ("handoffs", "UPDATE", "case", "case_id"),
    ("calls", "INSERT", "call", "call_id"),
    ("calls", "UPDATE", "call", "call_id"),
    ("offers", "INSERT", "offer", "offer_id"),
    ("reservations", "INSERT", "stay", "reservation_id"),
    ("reservations", "UPDATE", "stay", "reservation_id"),
    ("pms_copies", "INSERT", "stay", "reservation_id"),
    ("pms_copies", "UPDATE", "stay", "reservation_id"),
)
_NOTE = (
    "INSERT INTO kpi_dirty (kind, the_id, stamp) VALUES ('{kind}', NEW.{column}, 0) "
    "ON CONFLICT (kind, the_id) DO UPDATE SET stamp = kpi_dirty.stamp + 1"
)


def _sqlite(table: str, verb: str, kind: str, column: str) -> str:
    note = _NOTE.format(kind=kind, column=column)
    return f"CREATE TRIGGER kpi_{table}_{verb.lower()} AFTER {verb} ON {table} BEGIN {note}; END"


def _postgresql(table: str, kind: str, column: str) -> tuple[str, str]:
    note, verbs = _NOTE.format(kind=kind, column=column), " OR ".join(_verbs(table))
    return (
        f"CREATE FUNCTION kpi_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$",
        f"CREATE TRIGGER kpi_{table} AFTER {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION kpi_note_{table}()",
    )


def _verbs(table: str) -> list[str]:
    return [verb for name, verb, _, _ in NOTED if name == table]


KPI_TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(_sqlite(*one) for one in NOTED),
    "postgresql": tuple(
        text
        for table, (kind, column) in {name: (kind, column) for name, _, kind, column in NOTED}.items()
        for text in _postgresql(table, kind, column)
    ),
}
