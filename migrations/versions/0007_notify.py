"""On PostgreSQL, notify listening programs of each new timeline entry."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION helpdesk_notify() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('helpdesk', ''); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER helpdesk_notify AFTER INSERT ON ticket_events"
        " FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_notify()"
    )
