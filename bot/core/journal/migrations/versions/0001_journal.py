"""The journal: tickets and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("leased_until", sa.Float, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("workspace", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("thread", sa.String(100)),
        sa.Column("asker", sa.String(200), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("edition", sa.Integer),
        sa.Column("message_id", sa.String(100), index=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("answers_of_place", "answers", ["platform", "workspace", "channel", "id"])


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("tickets")
