"""What buttons, threads, channels and thumbs need."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.String(100), nullable=False, index=True),
    )
    op.execute(
        "INSERT INTO posts (key, number, message_id) "
        "SELECT key, 0, message_id FROM answers WHERE message_id IS NOT NULL"
    )
    with op.batch_alter_table("answers") as answers:
        answers.drop_index("ix_answers_message_id")
        answers.drop_column("message_id")
        answers.add_column(sa.Column("level", sa.String(20)))
        answers.add_column(sa.Column("content", sa.JSON))
    op.create_index("answers_of_asker", "answers", ["asker", "id"])
    op.create_table(
        "ratings",
        sa.Column("answer_id", sa.Integer, primary_key=True),
        sa.Column("asker", sa.String(200), primary_key=True),
        sa.Column("good", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "places",
        sa.Column("platform", sa.String(20), primary_key=True),
        sa.Column("workspace", sa.String(100), primary_key=True),
        sa.Column("channel", sa.String(100), primary_key=True),
        sa.Column("thread", sa.String(100), primary_key=True),
        sa.Column("quiet", sa.Boolean),
        sa.Column("answers", sa.String(20)),
        sa.Column("level", sa.String(20)),
        sa.Column("sources", sa.JSON),
        sa.Column("partner", sa.String(200)),
    )


def downgrade() -> None:
    op.drop_table("places")
    op.drop_table("ratings")
    op.drop_index("answers_of_asker", "answers")
    with op.batch_alter_table("answers") as answers:
        answers.drop_column("content")
        answers.drop_column("level")
        answers.add_column(sa.Column("message_id", sa.String(100), index=True))
    op.drop_table("posts")
