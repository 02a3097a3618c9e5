"""Values beside audit records, from where they can be erased.

After this migration the program writes a baseline of all rows
(``store.database.audit_baseline``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SAYS = "values beside audit records are only ever erased"
_ERASED = (
    "NEW.seq = OLD.seq AND NEW.erased_by > coalesce(OLD.erased_by, OLD.seq) AND "
    "EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.erased_by AND did LIKE 'erase %')"
)


def upgrade() -> None:
    op.create_table(
        "audit_values",
        sa.Column("seq", ROW_NUMBER, nullable=False, autoincrement=False),
        sa.Column("beside", sa.Text(), nullable=False),
        sa.Column("erased_by", ROW_NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_values"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_values_are_only_erased() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_ERASED} THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION '{_SAYS}'; END $$"
        )
        for name, when in (("stay", "UPDATE"), ("remain", "DELETE")):
            op.execute(
                f"CREATE TRIGGER audit_values_{name} BEFORE {when} ON audit_values "
                "FOR EACH ROW EXECUTE FUNCTION audit_values_are_only_erased()"
            )
        op.execute(
            "CREATE TRIGGER audit_values_are_not_emptied BEFORE TRUNCATE ON audit_values "
            "EXECUTE FUNCTION audit_values_are_only_erased()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    op.execute(
        "CREATE TRIGGER audit_values_stay BEFORE UPDATE ON audit_values "
        f"WHEN NOT ({_ERASED}) {refuse}"
    )
    op.execute(f"CREATE TRIGGER audit_values_remain BEFORE DELETE ON audit_values {refuse}")
    # INSERT OR REPLACE deletes the old row without firing the DELETE trigger.
    op.execute(
        "CREATE TRIGGER audit_values_are_new BEFORE INSERT ON audit_values "
        "WHEN EXISTS (SELECT 1 FROM audit_values WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'values beside audit records are only ever erased'); END"
    )
