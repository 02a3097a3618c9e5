"""Tags, saved views, macros and time entries; indexes for claiming tickets and for filters."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTIVE = sa.text("state IN ('new', 'open', 'pending')")
UNCLAIMED = sa.text("assignee_id IS NULL AND state IN ('new', 'open')")
SHARED = sa.text("shared")
OWN = sa.text("NOT shared")


def upgrade() -> None:
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_tags_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name="pk_ticket_tags"),
    )
    op.create_index("ix_ticket_tags_tag", "ticket_tags", ["tag", "ticket_id"])
    _named(
        "saved_views",
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
    )
    _named(
        "macros",
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "time_entries",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects_id", ROW_NUMBER),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_time_entries_ticket_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_time_entries_agent_id"),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["time_entries.id"], name="fk_time_entries_corrects_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_time_entries"),
    )
    op.create_index("ix_time_entries_ticket", "time_entries", ["ticket_id", "id"])
    op.create_index("ix_time_entries_at", "time_entries", ["at", "ticket_id"])
    op.create_index("ix_time_entries_corrects", "time_entries", ["corrects_id"], unique=True)
    op.create_table(
        "timers",
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_timers_agent_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_timers_ticket_id"),
        sa.PrimaryKeyConstraint("agent_id", name="pk_timers"),
    )
    op.create_index(
        "ix_tickets_unclaimed",
        "tickets",
        ["queue", "due_rank", "id"],
        sqlite_where=UNCLAIMED,
        postgresql_where=UNCLAIMED,
    )
    op.create_index(
        "ix_tickets_active_due",
        "tickets",
        ["due_rank", "id"],
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    for name in ("customer", "service", "assignee"):
        op.create_index(f"ix_tickets_{name}", "tickets", [f"{name}_id", "created_at", "id"])


def _named(table: str, *columns: sa.Column) -> None:  # type: ignore[type-arg]
    op.create_table(
        table,
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("owner_id", ROW_NUMBER, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        *columns,
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["agents.id"], name=f"fk_{table}_owner_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(
        f"ix_{table}_own",
        table,
        ["owner_id", "name"],
        unique=True,
        sqlite_where=OWN,
        postgresql_where=OWN,
    )
    op.create_index(
        f"ix_{table}_shared",
        table,
        ["name"],
        unique=True,
        sqlite_where=SHARED,
        postgresql_where=SHARED,
    )
