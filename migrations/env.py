"""Alembic's entry: runs migrations on the Database that backend.db.migrate hands over."""

from alembic import context

from backend.db.tables import metadata

config = context.config
db = config.attributes["database"]

with db.write() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_server_default=False,
        compare_type=True,
    )
    context.run_migrations()
