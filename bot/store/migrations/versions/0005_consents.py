"""What people agreed to, the news they asked for, where they came from, and more of their business."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("sector", sa.Text))
    op.add_column("people", sa.Column("size", sa.Text))
    op.add_column("people", sa.Column("women_owned", sa.Boolean))
    op.create_table(
        "consents",
        sa.Column("id", number, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_consents_person"),
    )
    op.create_index("ix_consents_person_purpose", "consents", ["person", "purpose"])
    op.create_table(
        "subscriptions",
        sa.Column("id", number, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("country", sa.Text),
        sa.Column("since", moment, nullable=False),
        sa.Column("stopped_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_subscriptions_person"),
    )
    op.create_index("ix_subscriptions_person", "subscriptions", ["person"])
    op.create_index("ix_subscriptions_segment_stopped_at", "subscriptions", ["segment", "stopped_at"])
    op.create_table(
        "sources",
        sa.Column("id", number, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sources_person"),
    )
    op.create_index("ix_sources_person", "sources", ["person"])
    op.create_index("ix_sources_time", "sources", ["time"])
