"""The library: articles, passages, vectors and editions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "vectors",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("embedding", sa.String(200), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("version_id", sa.String(32), sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("vector_id", sa.String(32), nullable=False, index=True),
        sa.Column("headings", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("passages_of_version", "passages", ["version_id", "position"])
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("embedding", sa.String(200), nullable=False),
        sa.Column("folder", sa.String(80), nullable=False),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "edition_articles",
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id"), primary_key=True),
        sa.Column("article_id", sa.Text, primary_key=True),
        sa.Column(
            "version_id", sa.String(32), sa.ForeignKey("versions.id"), nullable=False, index=True
        ),
        sa.Column("fingerprint", sa.String(32), nullable=False),
    )
    op.create_table(
        "published",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id"), nullable=False),
    )


def downgrade() -> None:
    for table in ("published", "edition_articles", "editions", "passages", "versions", "vectors"):
        op.drop_table(table)
