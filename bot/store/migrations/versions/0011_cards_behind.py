"""Which cards show less than happened, found without reading those of years."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_cards", sa.Column("behind", sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_index("ix_case_cards_behind", "case_cards", ["behind"])
    op.execute(
        "UPDATE case_cards SET behind = shown IS NULL"
        ' OR shown <> (SELECT changes FROM cases WHERE cases.id = case_cards."case")'
    )
