"""The audit trail: changes and refused attempts, each record chained to the previous one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SAYS = "audit records are only ever added"
_GUARDS = {
    "audit_records_stay": ("audit_records", "UPDATE"),
    "audit_records_remain": ("audit_records", "DELETE"),
    "audit_head_remains": ("audit_head", "DELETE"),
}


def upgrade() -> None:
    op.create_table(
        "audit_records",
        sa.Column("seq", ROW_NUMBER, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("did", sa.String(200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_records"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", ROW_NUMBER, nullable=False, autoincrement=False),
        sa.Column("seq", ROW_NUMBER, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("events_before", ROW_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    newest = op.get_bind().execute(sa.text("SELECT max(id) FROM ticket_events")).scalar() or 0
    if newest:  # on a new desk the first record creates the row
        op.bulk_insert(head, [{"id": 1, "seq": 0, "digest": "0" * 64, "events_before": newest}])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_records_are_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"
        )
        for name, (table, what) in _GUARDS.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW "
                "EXECUTE FUNCTION audit_records_are_only_added()"
            )
        op.execute(
            "CREATE TRIGGER audit_records_are_not_emptied BEFORE TRUNCATE ON audit_records "
            "EXECUTE FUNCTION audit_records_are_only_added()"
        )
    else:
        for name, (table, what) in _GUARDS.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
            )
        # INSERT OR REPLACE deletes the old row without firing the DELETE trigger.
        op.execute(
            "CREATE TRIGGER audit_records_are_new BEFORE INSERT ON audit_records "
            "WHEN EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'audit records are only ever added'); END"
        )
