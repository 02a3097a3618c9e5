"""Alembic's environment: run the migrations on the connection that the program passes.

Without a connection, somebody has called the ``alembic`` command in a checkout.  It then works on a
temporary database in memory that has all migrations, so that no desk is touched:

    alembic revision --autogenerate -m "what it is for"   writes migrations/versions/NNNN_….py
    alembic check                                         compares the migrations with the models
    alembic history                                       lists the migrations

After adding a migration, set ``HEAD`` in ``helpdesk/store/database/schema_version.py`` to its
number.  A desk is migrated by ``helpdesk db upgrade``, which takes a backup first.
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
    """Return a migration's number and the first line of its docstring."""
    return f"{step.revision}: {step.doc.partition(chr(10))[0]}" if step else ""


def _throw_away() -> sa.Connection:
    """Return a connection to a database in memory that has all migrations."""
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
    """Give a new migration the number after the newest one's."""
    newest = context.script.get_current_head() or "0"
    for directive in directives:
        directive.rev_id = f"{int(newest) + 1:04}"


def _plain_type(kind: str, column_type: object, _: object) -> str | Literal[False]:
    """Render our own column types in new migrations as the SQLAlchemy type they are based on."""
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
    transactional_ddl=False,  # everything runs in the caller's transaction
    on_version_apply=lambda step, **_: progress(_words(step.up_revision)),
    render_item=_plain_type,
    process_revision_directives=_count_on,
)
context.run_migrations()
