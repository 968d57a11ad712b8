"""What the log teaches: wordings set aside, opened links, the state of addresses, who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ignored",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ignored"),
    )
    op.create_table(
        "opens",
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("resource", "week", "topic", "country", "language", name="pk_opens"),
    )
    op.create_table(
        "links",
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("checked_at", moment, nullable=False),
        sa.Column("fails", sa.Integer, nullable=False),
        sa.Column("failing_since", moment),
        sa.Column("status", sa.Integer),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("url", name="pk_links"),
    )
    op.create_table(
        "told",
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_told"),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name="fk_told_request"),
    )
