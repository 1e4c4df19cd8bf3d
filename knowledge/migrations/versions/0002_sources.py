"""Where articles come from, who published an edition and why, and which one is pinned."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def upgrade() -> None:
    op.add_column(
        "versions", sa.Column("text_id", sa.String(32), nullable=False, server_default="")
    )
    op.drop_column("versions", "origin")
    for name in ("source", "origin", "same_as"):
        op.add_column("edition_articles", _text(name))
    for name in ("who", "why"):
        op.add_column("editions", _text(name))
    for name in ("added", "changed", "removed"):
        op.add_column("editions", _count(name))
    op.add_column("published", sa.Column("pinned", sa.DateTime(timezone=True)))
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("tried", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.DateTime(timezone=True)),
        _text("problem"),
    )
    op.create_table(
        "stale_articles",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("article_id", sa.Text, primary_key=True),
        _text("origin"),
        _text("reason"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("stale_articles")
    op.drop_table("sources")
    op.drop_column("published", "pinned")
    for name in ("removed", "changed", "added", "why", "who"):
        op.drop_column("editions", name)
    for name in ("same_as", "origin", "source"):
        op.drop_column("edition_articles", name)
    op.add_column("versions", _text("origin"))
    op.drop_column("versions", "text_id")
