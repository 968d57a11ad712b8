"""What is kept beside the log so that it teaches: wordings set aside, opened links, the state of links."""

import datetime

from sqlalchemy import func, select

from bot.store.connected import Connected
from bot.store.tables import case_steps


class LearningReading(Connected):
    """What can be asked of it."""

    async def first_replies(self) -> dict[str, datetime.datetime]:
        """Return when each case was first answered, by case."""
        first = func.min(case_steps.c.time).label("first")
        rows = await self._rows(
            select(case_steps.c.case, first).where(case_steps.c.what == "reply").group_by(case_steps.c.case)
        )
        return {row["case"]: row["first"] for row in rows}
