"""Version numbers of saved views, macros and agents, so that nobody overwrites unseen changes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("saved_views", "macros", "agents"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("agents", sa.Column("changed_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "agents", sa.Column("changed_by", sa.String(64), nullable=False, server_default="")
    )
