"""The steps of the schema lead to the tables the code speaks of."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import Store
from bot.store.tables import metadata

INI = Path(__file__).parents[2] / "bot/store/migrations/alembic.ini"


async def test_steps_lead_to_the_tables(url: str, tmp_path: Path) -> None:
    """A new file has exactly the tables, columns, indexes and constraints of `tables`."""
    await (await Store.open(url)).close()
    engine = create_engine(f"sqlite:///{tmp_path}/data/bot.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_steps_lead_to_the_tables_on_postgresql(postgres_url: str) -> None:
    """All steps run on PostgreSQL, too, and lead to the same tables."""
    await (await Store.open(postgres_url)).close()
    engine = create_async_engine(postgres_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(
            lambda now: compare_metadata(MigrationContext.configure(now), metadata)
        )
    assert found == []
    await engine.dispose()


def _constraints(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("select sql from sqlite_master where sql like 'CREATE%'"))
        # SQLite writes a column that a later step adds into the line of the one before.
    lines = {part.strip(" \t,") for row in rows for part in re.split(r"\n|, (?=\w+ [A-Z])", row.sql)}
    engine.dispose()
    return {line for line in lines if "alembic" not in line and "version_num" not in line}


async def test_steps_write_the_same_sql(url: str, tmp_path: Path) -> None:
    """The names of keys and the numbering are the same too, which the comparison does not see."""
    await (await Store.open(url)).close()
    engine = create_engine(f"sqlite:///{tmp_path}/straight.db")
    metadata.create_all(engine)
    engine.dispose()
    assert _constraints(f"sqlite:///{tmp_path}/data/bot.db") == _constraints(
        f"sqlite:///{tmp_path}/straight.db"
    )


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_as_sql(dialect: str) -> None:
    """The alembic command writes the steps as SQL, for either database."""
    written = io.StringIO()
    config = Config(INI, output_buffer=written)
    config.set_main_option("sqlalchemy.url", f"{dialect}://")
    command.upgrade(config, "head", sql=True)
    assert written.getvalue().count("CREATE TABLE") == len(metadata.tables) + 1


def test_alembic_command(tmp_path: Path) -> None:
    """The alembic command brings a file to the same place by its URL."""
    config = Config(INI)
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/bot.db")
    command.upgrade(config, "head")
    command.check(config)


def test_store_knows_only_errors() -> None:
    """The store is a bottom room: of the program it imports `bot.errors` and nothing else."""
    listing = "import sys, bot.store; print(*sorted(m for m in sys.modules if m.startswith('bot')))"
    printed = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    others = [m for m in printed.stdout.split() if not m.startswith("bot.store")]
    assert others == ["bot", "bot.errors"]
