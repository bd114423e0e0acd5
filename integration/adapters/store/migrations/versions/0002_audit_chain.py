"""The audit becomes a chain: a head, rows that come sealed, and a seal for the rows that are there.

Sealing needs the key, which no migration has: `santral store upgrade` hands over a function that does it
(`config.attributes["seal"]`), and it runs in the same transaction. An audit that is empty needs none.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIRST_HEAD = {
    "sqlite": "INSERT INTO audit_head (one, seq, mac, sealed, proof) VALUES (1, 0, x'', 0, x'')",
    "postgresql": "INSERT INTO audit_head (one, seq, mac, sealed, proof) VALUES (1, 0, '', 0, '')",
}
TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER audit_sealed BEFORE INSERT ON audit WHEN NEW.mac IS NULL "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are sealed'); END",
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
        "BEGIN SELECT RAISE(ABORT, 'the head of the audit only moves forward'); END",
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq "
        "BEGIN SELECT RAISE(ABORT, 'the head of the audit only moves forward'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.mac IS NULL THEN RAISE EXCEPTION 'audit rows are sealed'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER audit_sealed BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_seal()",
        "CREATE FUNCTION audit_head_move() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF TG_OP = 'DELETE' OR NEW.seq <= OLD.seq "
        "THEN RAISE EXCEPTION 'the head of the audit only moves forward'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE OR DELETE ON audit_head "
        "FOR EACH ROW EXECUTE FUNCTION audit_head_move()",
    ),
}
# While rows are sealed, the trigger that refuses any change must look away.
LOOK_AWAY = {
    "sqlite": ("DROP TRIGGER audit_no_update",),
    "postgresql": ("ALTER TABLE audit DISABLE TRIGGER audit_no_edit",),
}
LOOK_AGAIN = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed or removed'); END",
    ),
    "postgresql": ("ALTER TABLE audit ENABLE TRIGGER audit_no_edit",),
}


def _seal(dialect: str) -> None:
    bind = op.get_bind()
    if bind.exec_driver_sql("SELECT count(*) FROM audit").scalar_one() == 0:
        return
    seal = context.config.attributes.get("seal")
    if seal is None:
        raise RuntimeError("the audit has rows that must be sealed; run `santral store upgrade`")
    for statement in LOOK_AWAY[dialect]:
        op.execute(statement)
    seal(bind.connection.driver_connection)
    for statement in LOOK_AGAIN[dialect]:
        op.execute(statement)


def upgrade() -> None:
    """Make the head, seal what is there, then refuse what comes unsealed."""
    dialect = op.get_context().dialect.name
    op.create_table(
        "audit_head",
        sa.Column("one", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", WHOLE, nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.execute(FIRST_HEAD[dialect])
    if not context.is_offline_mode():
        _seal(dialect)
    for statement in TRIGGERS[dialect]:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError
