"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("pseudonym", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("country", sa.Text),
        sa.Column("audience", sa.Text),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("first_seen", moment, nullable=False),
        sa.Column("last_seen", moment, nullable=False),
        sa.Column("blocked_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("channel", "address", name="uq_people_channel_address"),
        sa.UniqueConstraint("pseudonym", name="uq_people_pseudonym"),
    )

    op.create_table(
        "requests",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("country", sa.Text),
        sa.Column("audience", sa.Text),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("resources", sa.JSON, nullable=False),
        sa.Column("candidates", sa.JSON, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("knowledge", sa.Text, nullable=False),
        sa.Column("feedback", sa.Text),
        sa.Column("feedback_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_requests_person"),
    )
    op.create_index("ix_requests_time", "requests", ["time"])
    op.create_index("ix_requests_person_time", "requests", ["person", "time"])

    op.create_table(
        "cases",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("promised", sa.Date),
        sa.Column("assigned_to", sa.Text),
        sa.Column("closed_at", moment),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_cases_person"),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_cases_request"),
    )
    op.create_index("ix_cases_state_opened_at", "cases", ["state", "opened_at"])
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_index("ix_cases_person", "cases", ["person"])
    op.create_index("ix_cases_request", "cases", ["request"])

    op.create_table(
        "case_steps",
        sa.Column("id", number, nullable=False),
        sa.Column("case", sa.Text, nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_case_steps"),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_case_steps_case"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_steps_case_id", "case_steps", ["case", "id"])

    op.create_table(
        "inbox",
        sa.Column("update_id", number, nullable=False, autoincrement=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("done_at", moment),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state_chat_update_id", "inbox", ["state", "chat", "update_id"])
    op.create_index("ix_inbox_chat", "inbox", ["chat"])

    op.create_table(
        "outbox",
        sa.Column("id", number, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("sent_at", moment),
        sa.Column("request", sa.Text),
        sa.Column("after_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_outbox_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_due_at_id", "outbox", ["state", "due_at", "id"])
    op.create_index("ix_outbox_chat_state_id", "outbox", ["chat", "state", "id"])
    op.create_index("ix_outbox_person", "outbox", ["person"])
