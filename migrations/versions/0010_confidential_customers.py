"""Customers whose tickets are confidential to named agents."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_confidants",
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                  nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"],
                                name="fk_customer_confidants_customer_id"),
        sa.PrimaryKeyConstraint("customer_id", "login", name="pk_customer_confidants"),
    )  # fmt: skip
