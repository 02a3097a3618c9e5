"""Run by Alembic: migrates over the connection that the program hands in.

Without one, Alembic's own command was called in a checkout.  It then works on a throw-away database
in memory that has every migration, so that no desk is touched:

    alembic revision --autogenerate -m "what it is for"   writes migrations/versions/NNNN_….py
    alembic check                                         compares the migrations with the models
    alembic history

A new migration's number also becomes ``HEAD`` in ``helpdesk/store/database/schema_version.py``.
A desk is migrated by ``helpdesk db upgrade``, which takes a backup before.
"""

from collections.abc import Iterable
from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.migration import MigrationContext
from alembic.operations import MigrationScript, Operations
from alembic.script import Script

from helpdesk.store.models import Base


def _words(step: Script | None) -> str:
    """Return what a migration does, as its first line says."""
    return f"{step.revision}: {step.doc.partition(chr(10))[0]}" if step else ""


def _throw_away() -> sa.Connection:
    """Return a connection to a database in memory that has every migration."""
    connection = sa.create_engine("sqlite://").connect()
    migration = MigrationContext.configure(connection, opts={"render_as_batch": True})
    with Operations.context(migration):
        for step in reversed(list(context.script.walk_revisions())):
            step.module.upgrade()
    migration.stamp(context.script, "head")
    return connection


def _count_on(
    _context: MigrationContext, _revision: object, directives: Iterable[MigrationScript]
) -> None:
    """Number a new migration: one more than the newest."""
    newest = context.script.get_current_head() or "0"
    for directive in directives:
        directive.rev_id = f"{int(newest) + 1:04}"


def _plain_type(kind: str, column_type: object, _: object) -> str | Literal[False]:
    """Return how a new migration writes a type of ours: as the column type behind it."""
    if kind == "type" and isinstance(column_type, sa.TypeDecorator):
        return f"sa.{column_type.impl_instance!r}"
    return False


connection = context.config.attributes.get("connection")
if connection is None:
    connection = _throw_away()
progress = context.config.attributes.get("progress", print)
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds it all
    on_version_apply=lambda step, **_: progress(_words(step.up_revision)),
    render_item=_plain_type,
    process_revision_directives=_count_on,
)
context.run_migrations()
