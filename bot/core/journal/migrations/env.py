"""Runs the migrations on the connection that :func:`knowledge.database.open_database` hands over."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    version_table=given.get("versions", "alembic_version"),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
