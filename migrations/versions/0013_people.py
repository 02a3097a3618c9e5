"""People without a mail address, what is known of them, and notes on people and customers.

After this migration the program adds the new columns to what the audit trail proves
(``store.database.audit_baseline``).
"""

import sqlalchemy as sa
from alembic import op

from helpdesk.domain.person_search import search_text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CHUNK = 2_000


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    kind = sa.Text() if length is None else sa.String(length)
    return sa.Column(name, kind, nullable=False, server_default="")


def _changes() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        _text("changed_by", 64),
    )


def upgrade() -> None:
    with op.batch_alter_table("requesters") as table:
        table.alter_column("mail", existing_type=sa.String(320), nullable=True)
        for column in (
            _text("phone", 100),
            _text("room", 100),
            _text("device", 100),
            _text("language", 16),
            sa.Column("vip", sa.Boolean(), nullable=False, server_default=sa.false()),
            _text("note"),
            sa.Column("joined_to_id", ROW_NUMBER, nullable=True),
            _text("search_text"),
            *_changes(),
        ):
            table.add_column(column)
        table.create_foreign_key(
            "fk_requesters_joined_to_id", "requesters", ["joined_to_id"], ["id"]
        )
        table.create_index("ix_requesters_joined_to_id", ["joined_to_id"])
    for column in (_text("note"), *_changes()):
        op.add_column("customers", column)
    op.add_column("tickets", _text("callback", 100))
    _derive_search_texts(op.get_bind())


def _derive_search_texts(connection: sa.Connection) -> None:
    people = sa.table(
        "requesters",
        *(sa.column(name) for name in ("id", "mail", "name", "search_text")),
    )
    last = 0
    statement = (
        sa.update(people)
        .where(people.c.id == sa.bindparam("number"))
        .values(search_text=sa.bindparam("words"))
    )
    while True:
        rows = connection.execute(
            sa.select(people.c.id, people.c.mail, people.c.name)
            .where(people.c.id > last)
            .order_by(people.c.id)
            .limit(_CHUNK)
        ).all()
        if not rows:
            return
        words = [{"number": row.id, "words": search_text(row.name, row.mail, "")} for row in rows]
        connection.execute(statement, words)
        last = rows[-1].id
