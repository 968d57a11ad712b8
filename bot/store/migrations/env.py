"""Run by Alembic: on the connection `bot.store.schema` hands over, or for the alembic command by its URL."""

from alembic import context
from sqlalchemy import Connection, create_engine

from bot.store.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def _write_sql(url: str) -> None:
    context.configure(url=url, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


_url = context.config.get_main_option("sqlalchemy.url") or ""
if "connection" in context.config.attributes:
    _run(context.config.attributes["connection"])
elif context.is_offline_mode():
    _write_sql(_url)
else:
    with create_engine(_url).connect() as _connection:
        _run(_connection)
