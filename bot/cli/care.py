"""`backup`, `forget`, `purge`, `migrate` and `seal`: care of the data."""

import asyncio
import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.app import purge_old
from bot.cli.log import with_store
from bot.cli.parts import configured, utc_now
from bot.errors import BotError, UsageError, read_text, reason
from bot.settings import Settings
from bot.store import Sealing, Store
from bot.store.sealing import new_secret
from bot.telegram import staff_group_cards

BACKUP = "bot-{moment:%Y%m%d-%H%M%S}.db"
KEY = "privacy.encryption_key is not set; set BOT_PRIVACY__ENCRYPTION_KEY (`seal --new-key` makes one)"


def backup(
    target: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="the copy; a folder gives it a dated name")
    ] = None,
) -> None:
    """Write a whole copy of the database, also while the bot is running."""
    settings = configured()
    path = target or settings.privacy.backups
    if path is None:
        raise UsageError("backup: name a FILE, or a folder in privacy.backups")
    if path.is_dir() or path == settings.privacy.backups:
        path = path / BACKUP.format(moment=utc_now())
    with_store(lambda store: store.backup(path), settings)
    print(path)


def forget(
    person: Annotated[str, typer.Argument(metavar="PSEUDONYM", help="as lists and exports show it")],
) -> None:
    """Erase everything stored about one person, as /forget does; the running bot clears the staff's chats."""

    async def erase(store: Store) -> bool:
        async with store.reading() as now:
            known = await now.person_by_pseudonym(person)
        if known is None:
            return False
        async with store.transaction() as transaction:
            for case in await transaction.cases_of(known.id):
                await staff_group_cards.erase(case.id, at=utc_now(), transaction=transaction)
        return await store.forget(known.id)

    if not with_store(erase):
        raise BotError(f"there is no person {person}; `requests list` shows their pseudonyms")
    print(f"{person}: erased")


def purge() -> None:
    """Let go of what is older than privacy.keep_days and its neighbours allow."""
    settings = configured()
    purged = with_store(lambda store: purge_old(store, settings.privacy, now=utc_now()), settings)
    print(f"closed cases: {purged.cases}")
    print(f"questions ({settings.privacy.then}): {purged.requests}")
    print(f"people: {purged.people}")
    print(f"updates and messages: {purged.deliveries}")
    print(f"backups: {_old_backups_removed(settings)}")


def migrate(
    to: Annotated[
        str | None, typer.Option(metavar="URL", help="an empty database everything is moved to")
    ] = None,
) -> None:
    """Bring the database up to date; with --to, move all of it to another one. Stop the bot first."""
    settings = configured()
    if to is None:
        counts = with_store(lambda store: store.counts(), settings)
    else:
        counts = asyncio.run(Store.move(settings.database.url, to))
    for table, rows in sorted(counts.items()):
        print(f"{table}: {rows}")
    if to is not None:
        print("moved, and compared row by row; now set database.url")


def seal(
    *,
    new_key: Annotated[bool, typer.Option("--new-key", help="only print a new key")] = False,
    from_key_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="holds the key it is sealed with now")
    ] = None,
    open_up: Annotated[bool, typer.Option("--open", help="store everything plainly again")] = False,
) -> None:
    """Seal the whole database with BOT_PRIVACY__ENCRYPTION_KEY, or change its key. Stop the bot first."""
    if new_key:
        print(new_secret())
        return
    settings = configured()
    key = settings.privacy.encryption_key
    if key is None:
        raise UsageError(KEY)
    current = Sealing(key.get_secret_value())
    former = Sealing(read_text(from_key_file, "key file").strip()) if from_key_file else None
    old, new = (current, None) if open_up else (former, current)
    written = asyncio.run(Store.reseal(settings.database.url, old=old, new=new))
    print(f"{written} rows {'opened' if open_up else 'sealed'}")


COMMANDS = (backup, forget, purge, migrate, seal)


def _old_backups_removed(settings: Settings) -> int:
    folder = settings.privacy.backups
    if folder is None or not folder.is_dir():
        return 0
    before = (utc_now() - datetime.timedelta(days=settings.privacy.keep_backups_days)).timestamp()
    try:
        old = [path for path in folder.glob("bot-*.db") if path.stat().st_mtime < before]
        for path in old:
            path.unlink()
    except OSError as error:
        raise BotError(f"backups in {folder} cannot be removed: {reason(error)}; check the folder") from None
    return len(old)
