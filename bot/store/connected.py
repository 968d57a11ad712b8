"""What speaks to the database through one connection, inside one transaction."""

from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection


class Connected:
    """Runs statements on the connection it was given, and knows nothing of where that came from."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _rows(self, statement: Executable) -> list[dict[str, Any]]:
        result = await self._connection.execute(statement)
        return [dict(row) for row in result.mappings()]

    async def _row(self, statement: Executable) -> dict[str, Any] | None:
        result = await self._connection.execute(statement)
        row = result.mappings().first()
        return None if row is None else dict(row)

    async def _value(self, statement: Executable) -> Any:
        result = await self._connection.execute(statement)
        return result.scalar()

    async def _change(self, statement: Executable) -> bool:
        """Run `statement`; return whether it met a row."""
        result = await self._connection.execute(statement)
        return result.rowcount > 0
