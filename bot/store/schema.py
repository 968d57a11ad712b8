"""Brings a database to the tables of this program, with the steps in `migrations/versions/`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, false, inspect, text, update

from bot.errors import BotError
from bot.store.tables import people

_MIGRATIONS = Path(__file__).parent / "migrations"

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('sme-bot migrations'))")


def migrate(connection: Connection, database: str) -> None:
    """Run every step `database` has not seen, inside the transaction of `connection`."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)  # replicas that start together
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    steps = ScriptDirectory.from_config(config)
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision == steps.get_current_head():
        # Where nothing can be written, SQLite begins quietly; a change, even of no row, brings it to light.
        connection.execute(update(people).where(false()).values(id=people.c.id))
        return
    if revision is None:
        _check_empty(connection, database)
    elif revision not in {step.revision for step in steps.walk_revisions()}:
        raise BotError(
            f"database {database} was made by a newer version (step {revision}); upgrade the program"
        )
    command.upgrade(config, "head")


def _check_empty(connection: Connection, database: str) -> None:
    """Refuse a database that holds tables of another program."""
    tables = sorted(inspect(connection).get_table_names())
    if tables:
        raise BotError(
            f"database {database} belongs to another program (it has a table {tables[0]}); "
            "name another one in database.url"
        )
