"""Further requesters of a ticket, recurring problems, and the log of searches."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROBLEMS = sa.text("kind IN ('problem', 'change')")


def upgrade() -> None:
    op.create_table(
        "ticket_requesters",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("requester_id", ROW_NUMBER, nullable=False),
        sa.Column("via_id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _points("ticket_requesters", "ticket_id", "tickets"),
        _points("ticket_requesters", "requester_id", "requesters"),
        _points("ticket_requesters", "via_id", "tickets"),
        sa.PrimaryKeyConstraint("ticket_id", "requester_id", name="pk_ticket_requesters"),
    )
    op.create_index("ix_ticket_requesters_requester_id", "ticket_requesters", ["requester_id"])
    op.create_table(
        "ticket_reappearances",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("problem_id", ROW_NUMBER, nullable=False),
        sa.Column("change_id", ROW_NUMBER),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _points("ticket_reappearances", "ticket_id", "tickets"),
        _points("ticket_reappearances", "problem_id", "tickets"),
        _points("ticket_reappearances", "change_id", "tickets"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_reappearances"),
    )
    op.create_index("ix_ticket_reappearances_problem_id", "ticket_reappearances", ["problem_id"])
    op.create_table(
        "searches",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("picked", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_searches"),
    )
    op.create_index("ix_searches_at", "searches", ["at", "id"])
    op.create_index(
        "ix_tickets_problems",
        "tickets",
        ["id"],
        sqlite_where=PROBLEMS,
        postgresql_where=PROBLEMS,
    )


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")
