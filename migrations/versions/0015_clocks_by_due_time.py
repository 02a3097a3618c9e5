"""An index of clocks by their due time, from which reports and the board read what was due."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ticket_clocks_due", "ticket_clocks", ["due_at"])
