"""Run by Alembic: migrates over the connection that the program hands in.

For development (``alembic revision``) set HELPDESK_DATABASE_URL and use ``migrations/alembic.ini``.
"""

from alembic import context
from alembic.script import Script

from helpdesk.store.models import Base

connection = context.config.attributes["connection"]


def _words(step: Script | None) -> str:
    """Return what a migration does, as its first line says."""
    return f"{step.revision}: {step.doc.partition(chr(10))[0]}" if step else ""


progress = context.config.attributes.get("progress", print)
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds it all
    on_version_apply=lambda step, **_: progress(_words(step.up_revision)),
)
context.run_migrations()
