"""How a sentence names a row of the database: its table, and a number or name that people know."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.store.database.audited_tables import AuditedTable, key_words
from helpdesk.store.models import Agent, Ticket, TicketEvent

#: The columns by which people know a row, the first that is there.
_NAMES = ("login", "mail", "name", "label")

#: The login of each agent by their number.
Logins = Mapping[object, str]


def logins(session: Session) -> Logins:
    """Return the login of each agent by their number."""
    table = Agent.__table__
    rows = session.connection().execute(select(table.c.id, table.c.login))
    return {number: str(login) for number, login in rows}


def row_name(table: AuditedTable, row: Mapping[str, Any], known: Logins) -> str:
    """Return how a sentence names a row.

    :param row: its values by column, at least those of its key.
    :param known: the agents' logins.
    """
    words = {name: _word(table, name, row[name], known) for name in table.keys}
    key = key_words(words.values())
    if table.name == Ticket.__tablename__:
        return f"{table.name} {ref(row['id'])}"
    if table.name == TicketEvent.__tablename__:
        of = f" of {ref(row['ticket_id'])}" if "ticket_id" in row else ""
        return f"{table.name}, entry {key}{of}"
    if isinstance(row.get("ticket_id"), int):
        rest = key_words(word for name, word in words.items() if name != "ticket_id")
        of = f"of {ref(row['ticket_id'])}"
        return f"{table.name} {rest} {of}" if rest else f"{table.name} {of}"
    name = next((str(row[name]) for name in _NAMES if row.get(name)), "")
    if name and name != key:
        return f"{table.name} {one_line(name)[:60]} ({key})"
    agent = next((known[row[name]] for name in _agents(table) if row.get(name) in known), "")
    return f"{table.name} {key} of {one_line(agent)}" if agent else f"{table.name} {key}"


def _word(table: AuditedTable, name: str, value: object, known: Logins) -> str:
    """Return a part of a key: an agent is named by their login."""
    found = known.get(value) if _is_agent(table, name) else None
    return one_line(found or str(value))[:60]


def _agents(table: AuditedTable) -> list[str]:
    """Return the columns, but those of the key, that say to which agent a row belongs."""
    return [name for name in ("agent_id", "owner_id") if name in table.columns]


def _is_agent(table: AuditedTable, name: str) -> bool:
    keys = table.table.c[name].foreign_keys
    return any(key.column.table is Agent.__table__ for key in keys)
