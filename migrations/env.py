"""Run by Alembic: migrates over the connection that the program hands in.

For development (``alembic revision``) set HELPDESK_DATABASE_URL and use ``migrations/alembic.ini``.
"""

from alembic import context

from helpdesk.store.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds it all
)
context.run_migrations()
