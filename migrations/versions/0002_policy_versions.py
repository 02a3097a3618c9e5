"""Policy versions; tickets get a calendar and the time of the next due action.

An older desk had the rules of the starter policy and no policy file: these rules become version 1.
Its unresolved tickets get a due action now, so that the scheduler finds out when it must act on
each of them.
"""

import json
import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTS = sa.text("act_at IS NOT NULL")
ALARMS = sa.text("type IN ('warned', 'breached')")
WEEK_S = 7 * 24 * 3600

TEXT = """\
# This desk was set up before it had policy files: version 1 stands for the rules it began with.
# Apply a file of your own to replace them: helpdesk policy apply FILE
"""
#: The rules of desks of schema 0001; the starter policy may have changed since.
RULES = {
    "pauses": {"next_update": ["pending_requester"], "resolution": ["pending_requester"]},
    "alarms": [
        {"clock": clock, "percent": 75, "actions": ["notify assignee"], "show": True}
        for clock in ("first_response", "next_update", "resolution")
    ],
    "ladder": {"L1": "L2", "L2": "L3", "L3": "L4"},
    "matrix": {
        "high": {"high": "P1", "medium": "P2", "low": "P3"},
        "medium": {"high": "P2", "medium": "P3", "low": "P4"},
        "low": {"high": "P3", "medium": "P4", "low": "P4"},
    },
    "close_after_s": WEEK_S,
}


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), nullable=False),
        sa.Column("applied_by", ROW_NUMBER),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["agents.id"], name="fk_policy_versions_applied_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_versions"),
    )
    op.create_table(
        "contracts",
        sa.Column("version_id", ROW_NUMBER, nullable=False),
        sa.Column("customer_id", ROW_NUMBER, nullable=False),
        sa.Column("calendar_id", ROW_NUMBER),
        sa.Column("starts_at", sa.BigInteger()),
        sa.Column("ends_at", sa.BigInteger()),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["policy_versions.id"], name="fk_contracts_version_id"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contracts_customer_id"),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_contracts_calendar_id"),
        sa.PrimaryKeyConstraint("version_id", "customer_id", name="pk_contracts"),
    )
    connection = op.get_bind()
    used = connection.execute(sa.text("SELECT 1 FROM calendars")).first() is not None
    if used:
        _begin_with_version_1(connection)
    with op.batch_alter_table("calendars") as table:
        table.drop_constraint("uq_calendars_name", type_="unique")
        table.create_index("ix_calendars_name", ["name"])
    with op.batch_alter_table("sla_policies") as table:
        table.drop_constraint("uq_sla_policies_name", type_="unique")
        table.alter_column("calendar_id", existing_type=ROW_NUMBER, nullable=True)
        table.add_column(
            sa.Column("version_id", ROW_NUMBER, nullable=False, server_default=sa.text("1"))
        )
        table.create_foreign_key(
            "fk_sla_policies_version_id", "policy_versions", ["version_id"], ["id"]
        )
        table.create_index("ix_sla_policies_terms", ["version_id", "customer_id"])
    with op.batch_alter_table("sla_policies") as table:
        table.alter_column("version_id", existing_type=ROW_NUMBER, server_default=None)
    with op.batch_alter_table("services") as table:
        table.add_column(
            sa.Column("production", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(
            sa.Column("owner", sa.String(length=100), nullable=False, server_default="")
        )
    with op.batch_alter_table("agents") as table:
        table.add_column(sa.Column("preferences", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("tickets", sa.Column("calendar_id", ROW_NUMBER))
    op.add_column("tickets", sa.Column("act_at", sa.BigInteger()))
    op.add_column("tickets", sa.Column("with_lead_since", sa.BigInteger()))
    if used:
        _let_the_keeper_look(connection)
        _name_calendars_by_number(connection)
    with op.batch_alter_table("tickets") as table:
        table.alter_column("calendar_id", existing_type=ROW_NUMBER, nullable=False)
        table.create_foreign_key("fk_tickets_calendar_id", "calendars", ["calendar_id"], ["id"])
    op.create_index(
        "ix_tickets_act", "tickets", ["act_at", "id"], sqlite_where=ACTS, postgresql_where=ACTS
    )
    op.create_index(
        "ix_ticket_events_alarms",
        "ticket_events",
        ["id"],
        sqlite_where=ALARMS,
        postgresql_where=ALARMS,
    )
    op.drop_table("levels")


def _begin_with_version_1(connection: sa.Connection) -> None:
    levels = {
        level: {"name": name, "ola_s": ola_s}
        for level, name, ola_s in connection.execute(
            sa.text("SELECT level, name, ola_s FROM levels")
        )
    }
    connection.execute(
        sa.text(
            "INSERT INTO policy_versions (id, label, text, rules, applied_at)"
            " VALUES (1, 'Starter', :text, :rules, :at)"
        ),
        {"text": TEXT, "rules": json.dumps({"levels": levels, **RULES}), "at": int(time.time())},
    )


def _let_the_keeper_look(connection: sa.Connection) -> None:
    connection.execute(
        sa.text(
            "UPDATE tickets SET"
            " calendar_id ="
            " (SELECT calendar_id FROM sla_policies WHERE sla_policies.id = tickets.policy_id),"
            " act_at = CASE WHEN state = 'resolved' THEN coalesce(resolved_at, 0) + :week"
            " WHEN state = 'closed' THEN NULL ELSE 0 END"
        ),
        {"week": WEEK_S},
    )


_CALENDARS_BY_NUMBER = {
    "sqlite": (
        "UPDATE ticket_events SET data = json_set(data, '$.promise.calendar',"
        " (SELECT id FROM calendars WHERE name = json_extract(data, '$.promise.calendar')),"
        " '$.promise.version', 1)"
        " WHERE type IN ('logged', 'changed')"
        " AND json_extract(data, '$.promise.calendar') IS NOT NULL"
    ),
    "postgresql": (
        "UPDATE ticket_events SET data = CAST(jsonb_set(jsonb_set(CAST(data AS jsonb),"
        " '{promise,calendar}', COALESCE(to_jsonb((SELECT id FROM calendars"
        " WHERE name = data #>> '{promise,calendar}')), 'null')),"
        " '{promise,version}', '1') AS json)"
        " WHERE type IN ('logged', 'changed') AND data #>> '{promise,calendar}' IS NOT NULL"
    ),
}


def _name_calendars_by_number(connection: sa.Connection) -> None:
    """Make timelines refer to calendars by row number, as names can now occur several times."""
    connection.execute(sa.text(_CALENDARS_BY_NUMBER[connection.dialect.name]))
