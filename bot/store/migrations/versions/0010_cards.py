"""Which step of the person a card has passed on; where a step was written."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_cards", sa.Column("told", sa.BigInteger))
    op.create_index("ix_staff_messages_step", "staff_messages", ["step"])
