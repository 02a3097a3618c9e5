"""Whether a clock has not started yet, or its target was taken away after a breach."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ticket_clocks", sa.Column("standing", sa.String(16), nullable=False, server_default="")
    )
