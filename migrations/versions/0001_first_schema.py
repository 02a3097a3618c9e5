"""The first schema: people, SLAs, tickets with timelines and clocks, links."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ACTIVE = sa.text("state IN ('new', 'open', 'pending')")
# SQLite numbers rows by itself only in a column declared INTEGER.
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("login", name="uq_agents_login"),
    )
    op.create_table(
        "calendars",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
        sa.UniqueConstraint("name", name="uq_calendars_name"),
    )
    op.create_table(
        "customers",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("name", name="uq_customers_name"),
    )
    op.create_table(
        "desk_facts",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_desk_facts"),
    )
    op.create_table(
        "levels",
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("ola_s", sa.Integer()),
        sa.PrimaryKeyConstraint("level", name="pk_levels"),
    )
    op.create_table(
        "services",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("keywords", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
        sa.UniqueConstraint("name", name="uq_services_name"),
    )
    op.create_table(
        "agent_levels",
        sa.Column("agent_id", ROW_NUMBER, nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_agent_levels_agent_id"),
        sa.PrimaryKeyConstraint("agent_id", "level", name="pk_agent_levels"),
    )
    op.create_table(
        "customer_domains",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("customer_id", ROW_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_domains_customer_id"
        ),
        sa.PrimaryKeyConstraint("domain", name="pk_customer_domains"),
    )
    op.create_table(
        "requesters",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("mail", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("customer_id", ROW_NUMBER),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_requesters_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_requesters"),
        sa.UniqueConstraint("mail", name="uq_requesters_mail"),
    )
    op.create_index("ix_requesters_customer_id", "requesters", ["customer_id"])

    op.create_table(
        "sla_policies",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("calendar_id", ROW_NUMBER, nullable=False),
        sa.Column("customer_id", ROW_NUMBER),
        sa.Column("service_id", ROW_NUMBER),
        sa.Column("kind", sa.String(16)),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name="fk_sla_policies_calendar_id"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_sla_policies_customer_id"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_sla_policies_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sla_policies"),
        sa.UniqueConstraint("name", name="uq_sla_policies_name"),
    )
    op.create_table(
        "sla_targets",
        sa.Column("policy_id", ROW_NUMBER, nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("first_response_s", sa.Integer()),
        sa.Column("next_update_s", sa.Integer()),
        sa.Column("resolution_s", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["sla_policies.id"], name="fk_sla_targets_policy_id"
        ),
        sa.PrimaryKeyConstraint("policy_id", "priority", name="pk_sla_targets"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("waiting_on", sa.String(16)),
        sa.Column("waiting_until", sa.BigInteger()),
        sa.Column("queue", sa.String(16), nullable=False),
        sa.Column("impact", sa.String(16), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("service_id", ROW_NUMBER),
        sa.Column("customer_id", ROW_NUMBER),
        sa.Column("requester_id", ROW_NUMBER),
        sa.Column("assignee_id", ROW_NUMBER),
        sa.Column("policy_id", ROW_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("hand_overs", sa.Integer(), nullable=False),
        sa.Column("reopenings", sa.Integer(), nullable=False),
        sa.Column("due_rank", sa.BigInteger(), nullable=False),
        sa.Column("warn_at", sa.BigInteger()),
        sa.Column("due_clock", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["agents.id"], name="fk_tickets_assignee_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_tickets_customer_id"),
        sa.ForeignKeyConstraint(["policy_id"], ["sla_policies.id"], name="fk_tickets_policy_id"),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["requesters.id"], name="fk_tickets_requester_id"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_tickets_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
    )
    op.create_index(
        "ix_tickets_assignee_due",
        "tickets",
        ["assignee_id", "due_rank", "id"],
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    op.create_index("ix_tickets_created", "tickets", ["created_at", "id"])
    op.create_index(
        "ix_tickets_queue_due",
        "tickets",
        ["queue", "due_rank", "id"],
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    op.create_index("ix_tickets_requester", "tickets", ["requester_id", "id"])

    op.create_table(
        "ticket_articles",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_articles_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "path", name="pk_ticket_articles"),
    )
    op.create_index("ix_ticket_articles_path", "ticket_articles", ["path", "at"])

    op.create_table(
        "ticket_clocks",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("target_s", sa.BigInteger(), nullable=False),
        sa.Column("elapsed_s", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("warn_at", sa.BigInteger()),
        sa.Column("met_at", sa.BigInteger()),
        sa.Column("breached_at", sa.BigInteger()),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_clocks_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "name", name="pk_ticket_clocks"),
    )
    op.create_table(
        "ticket_events",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", ROW_NUMBER),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["agents.id"], name="fk_ticket_events_actor_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_events_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_events"),
    )
    op.create_index("ix_ticket_events_ticket", "ticket_events", ["ticket_id", "id"])

    op.create_table(
        "ticket_links",
        sa.Column("ticket_id", ROW_NUMBER, nullable=False),
        sa.Column("other_id", ROW_NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["tickets.id"], name="fk_ticket_links_other_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_links_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", "kind", name="pk_ticket_links"),
    )
    op.create_index("ix_ticket_links_other_id", "ticket_links", ["other_id"])
