"""What several processes need to share: what is to be answered, and how much was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for column in (
        sa.Column("name", sa.String(20)),
        sa.Column("platform", sa.String(20)),
        sa.Column("asker", sa.String(200)),
        sa.Column("request", sa.JSON),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created", sa.Float, nullable=False, server_default="0"),
        sa.Column("stopped", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("tickets", column)
    op.create_index("tickets_by_lease", "tickets", ["done", "leased_until"])
    op.create_index("tickets_by_name", "tickets", ["name"])
    op.create_index("answers_by_age", "answers", ["created"])
    op.create_table(
        "counts",
        sa.Column("name", sa.String(300), primary_key=True),
        sa.Column("period", sa.BigInteger, primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.Float, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("counts")
    op.drop_index("answers_by_age", "answers")
    op.drop_index("tickets_by_name", "tickets")
    op.drop_index("tickets_by_lease", "tickets")
    for name in ("stopped", "created", "attempts", "request", "asker", "platform", "name"):
        op.drop_column("tickets", name)
