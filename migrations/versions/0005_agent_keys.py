"""SSH keys of agents, and their connections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agent_keys",
        sa.Column("fingerprint", sa.String(60), nullable=False),
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("comment", sa.String(100), nullable=False),
        sa.Column("strength", sa.String(40), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", ROW_NUMBER),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_agent_keys_agent_id"),
        sa.ForeignKeyConstraint(["added_by"], ["agents.id"], name="fk_agent_keys_added_by"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_agent_keys"),
    )
    op.create_index("ix_agent_keys_agent_id", "agent_keys", ["agent_id"])
    op.create_table(
        "connections",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("process", ROW_NUMBER, nullable=False),
        sa.Column("process_start", ROW_NUMBER, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(60), nullable=False),
        sa.Column("terminal", sa.String(64), nullable=False),
        sa.Column("leave", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_connections_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
    )
    op.create_index("ix_connections_agent", "connections", ["agent_id", "id"])
