"""An audit row is written once: the database itself refuses to change, remove or number it otherwise.

`seq` must be the last one plus one, so a row can neither be left out nor slipped in (on SQLite this also closes
`INSERT OR REPLACE`, which removes a row without firing a DELETE trigger). PostgreSQL also refuses TRUNCATE. A row
comes sealed, so a program from before the chain cannot write beside it, and the head only moves forward. Whoever owns
the database can drop all this; that is what the chain is for.
"""

_NO_EDIT = "audit rows are never changed or removed"
GAP = "audit rows are numbered without gaps"
_UNSEALED = "audit rows are sealed"
_BACK = "the head of the audit only moves forward"

# ruff: noqa: S608 - the sentences above are the only values in the text
SQLITE = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{_NO_EDIT}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{_NO_EDIT}'); END",
    "CREATE TRIGGER audit_gapless BEFORE INSERT ON audit "
    "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
    f"BEGIN SELECT RAISE(ABORT, '{GAP}'); END",
    "CREATE TRIGGER audit_sealed BEFORE INSERT ON audit WHEN NEW.mac IS NULL "
    f"BEGIN SELECT RAISE(ABORT, '{_UNSEALED}'); END",
    f"CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, '{_BACK}'); END",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq "
    f"BEGIN SELECT RAISE(ABORT, '{_BACK}'); END",
)
POSTGRESQL = (
    f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_NO_EDIT}'; END $$",
    "CREATE FUNCTION audit_number() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
    f"THEN RAISE EXCEPTION '{GAP}'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_no_edit BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_gapless BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_number()",
    "CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF NEW.mac IS NULL THEN RAISE EXCEPTION '{_UNSEALED}'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_sealed BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_seal()",
    "CREATE FUNCTION audit_head_move() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'DELETE' OR NEW.seq <= OLD.seq THEN RAISE EXCEPTION '{_BACK}'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE OR DELETE ON audit_head "
    "FOR EACH ROW EXECUTE FUNCTION audit_head_move()",
)
TRIGGERS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
# The head of an empty audit; see `integration.adapters.store.chain`.
FIRST_HEAD = {
    "sqlite": "INSERT INTO audit_head (one, seq, mac, sealed, proof) VALUES (1, 0, x'', 0, x'')",
    "postgresql": "INSERT INTO audit_head (one, seq, mac, sealed, proof) VALUES (1, 0, '', 0, '')",
}
