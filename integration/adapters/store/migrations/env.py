"""Alembic's entry: connect to `config.attributes["url"]` (or only write SQL) and run what is missing.

SQLite gets batch mode, since it cannot change a column in place; each upgrade is one transaction on both databases.
"""

import sqlalchemy as sa
from alembic import context

from integration.adapters.store.schema import METADATA


def _offline(url: str) -> None:
    dialect = sa.make_url(url).get_backend_name()
    context.configure(
        dialect_name=dialect, target_metadata=METADATA, render_as_batch=True, transactional_ddl=True, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()


def _online(url: str) -> None:
    creator = context.config.attributes.get("creator")
    engine = sa.create_engine(url, poolclass=sa.NullPool, **({"creator": creator} if creator else {}))
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            context.configure(
                connection=connection, target_metadata=METADATA, render_as_batch=True, transactional_ddl=True
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        engine.dispose()


run = _offline if context.is_offline_mode() else _online
run(context.config.attributes["url"])
