"""Notices, watchers, who has a ticket open, and follow-up dates of tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", ROW_NUMBER),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_notices_agent_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_notices_ticket_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["agents.id"], name="fk_notices_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_agent", "notices", ["agent_id", "id"])
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["agent_id", "ticket_id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_table(
        "ticket_watchers",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_watchers_ticket_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_ticket_watchers_agent_id"),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id", name="pk_ticket_watchers"),
    )
    op.create_index("ix_ticket_watchers_agent_id", "ticket_watchers", ["agent_id"])
    op.create_table(
        "presences",
        sa.Column("process", sa.String(length=40), nullable=False),
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("ticket_id", ROW_NUMBER),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_presences_agent_id"),
        sa.PrimaryKeyConstraint("process", name="pk_presences"),
    )
    op.add_column("tickets", sa.Column("follow_up_at", sa.BigInteger()))
    op.add_column(
        "tickets",
        sa.Column("follow_up_due", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
