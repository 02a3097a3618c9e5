"""For reports and the lead's board: the requester's rating, and indexes by time.

``ticket_origins`` stores the earlier id of imported tickets, so that none is imported twice.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RESOLVED = sa.text("resolved_at IS NOT NULL")
MOVES = sa.text("type IN ('escalated', 'returned')")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("csat", sa.Integer()))
    op.create_index(
        "ix_tickets_resolved",
        "tickets",
        ["resolved_at", "id"],
        sqlite_where=RESOLVED,
        postgresql_where=RESOLVED,
    )
    op.create_index("ix_ticket_events_at", "ticket_events", ["at", "type"])
    op.create_index(
        "ix_ticket_events_moves",
        "ticket_events",
        ["ticket_id"],
        sqlite_where=MOVES,
        postgresql_where=MOVES,
    )
    op.create_table(
        "ticket_origins",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_origins_ticket_id"),
        sa.PrimaryKeyConstraint("source", "source_id", name="pk_ticket_origins"),
    )
    op.create_index("ix_ticket_origins_ticket_id", "ticket_origins", ["ticket_id"])
