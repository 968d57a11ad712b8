"""Staff, versions of cases, cards in the staff's chats, what was sent to many, and jobs that were done."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cases", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("changes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("office", sa.Text))
    op.add_column("case_steps", sa.Column("staff", sa.Text))
    op.add_column("case_steps", sa.Column("about", sa.BigInteger))
    op.add_column("case_steps", sa.Column("outbox", sa.BigInteger))
    op.create_index("ix_case_steps_outbox", "case_steps", ["outbox"])

    op.create_table(
        "staff",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("countries", sa.JSON, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("channel", "address", name="uq_staff_channel_address"),
    )

    op.create_table(
        "case_cards",
        sa.Column("case", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("shown", sa.Integer),
        sa.Column("pending", sa.BigInteger),
        sa.PrimaryKeyConstraint("case", "chat", name="pk_case_cards"),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_case_cards_case"),
    )
    op.create_index("ix_case_cards_chat_thread_id", "case_cards", ["chat", "thread_id"])

    op.create_table(
        "staff_messages",
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("case", sa.Text, nullable=False),
        sa.Column("step", sa.BigInteger),
        sa.PrimaryKeyConstraint("chat", "message_id", name="pk_staff_messages"),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_staff_messages_case"),
    )
    op.create_index("ix_staff_messages_case", "staff_messages", ["case"])

    op.create_table(
        "jobs_done",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("done_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_jobs_done"),
    )

    op.create_table(
        "mailings",
        sa.Column("mailing", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.Column("outbox", sa.BigInteger),
        sa.PrimaryKeyConstraint("mailing", "person", name="pk_mailings"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_mailings_person"),
    )
    op.create_index("ix_mailings_person", "mailings", ["person"])
