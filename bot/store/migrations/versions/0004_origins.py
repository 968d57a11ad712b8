"""Which message became which question; people who are kept out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("banned_at", moment))
    op.create_table(
        "origins",
        sa.Column("update_id", number, nullable=False, autoincrement=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_origins"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_origins_person"),
    )
    op.create_index("ix_origins_chat_message", "origins", ["chat", "message"])
    op.create_index("ix_origins_event", "origins", ["event"])
    op.create_index("ix_origins_person", "origins", ["person"])
    op.create_index("ix_outbox_chat_after_key", "outbox", ["chat", "after_key"])
