"""The outbox can be read in the order in which it is sent."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_state_priority_id", "outbox", ["state", "priority", "id"])
