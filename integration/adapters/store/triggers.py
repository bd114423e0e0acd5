"""An audit row is written once: the database itself refuses to change, remove or number it otherwise.

`seq` must be the last one plus one, so a row can neither be left out nor slipped in (on SQLite this also closes
`INSERT OR REPLACE`, which removes a row without firing a DELETE trigger). PostgreSQL also refuses TRUNCATE.
"""

_NO_EDIT = "audit rows are never changed or removed"
_GAP = "audit rows are numbered without gaps"

# ruff: noqa: S608 - the sentences above are the only values in the text
SQLITE = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{_NO_EDIT}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{_NO_EDIT}'); END",
    "CREATE TRIGGER audit_gapless BEFORE INSERT ON audit "
    "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
    f"BEGIN SELECT RAISE(ABORT, '{_GAP}'); END",
)
POSTGRESQL = (
    f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_NO_EDIT}'; END $$",
    "CREATE FUNCTION audit_number() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
    f"THEN RAISE EXCEPTION '{_GAP}'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_no_edit BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_gapless BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_number()",
)
TRIGGERS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
