"""The triggers that protect the audit trail, and all others: are they as they are to be?

The migrations create them; here stands what they are to be.
"""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

_SAYS = "audit records are only ever added"
_VALUES_SAY = "values beside audit records are only ever erased"
_ERASED = (
    "NEW.seq = OLD.seq AND NEW.erased_by > coalesce(OLD.erased_by, OLD.seq) AND "
    "EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.erased_by AND did LIKE 'erase %')"
)

_SQLITE = {
    "audit_records_stay": (
        f"CREATE TRIGGER audit_records_stay BEFORE UPDATE ON audit_records "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ),
    "audit_records_remain": (
        f"CREATE TRIGGER audit_records_remain BEFORE DELETE ON audit_records "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ),
    "audit_head_remains": (
        f"CREATE TRIGGER audit_head_remains BEFORE DELETE ON audit_head "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ),
    "audit_records_are_new": (
        "CREATE TRIGGER audit_records_are_new BEFORE INSERT ON audit_records "
        "WHEN EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'audit records are only ever added'); END"
    ),
    "audit_values_stay": (
        f"CREATE TRIGGER audit_values_stay BEFORE UPDATE ON audit_values WHEN NOT ({_ERASED}) "
        f"BEGIN SELECT RAISE(ABORT, '{_VALUES_SAY}'); END"
    ),
    "audit_values_remain": (
        f"CREATE TRIGGER audit_values_remain BEFORE DELETE ON audit_values "
        f"BEGIN SELECT RAISE(ABORT, '{_VALUES_SAY}'); END"
    ),
    "audit_values_are_new": (
        "CREATE TRIGGER audit_values_are_new BEFORE INSERT ON audit_values "
        "WHEN EXISTS (SELECT 1 FROM audit_values WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'values beside audit records are only ever erased'); END"
    ),
}

#: The bits of PostgreSQL's ``tgtype``.
_ROW_UPDATE, _ROW_DELETE, _TRUNCATE, _INSERTED = 1 + 2 + 16, 1 + 2 + 8, 2 + 32, 4
_ADDED = f"BEGIN RAISE EXCEPTION '{_SAYS}'; END"
_ONLY_ERASED = (
    f"BEGIN IF TG_OP = 'UPDATE' THEN IF {_ERASED} THEN RETURN NEW; END IF; END IF; "
    f"RAISE EXCEPTION '{_VALUES_SAY}'; END"
)
#: Table, kind and body of each trigger.
_POSTGRESQL = {
    "audit_records_stay": ("audit_records", _ROW_UPDATE, _ADDED),
    "audit_records_remain": ("audit_records", _ROW_DELETE, _ADDED),
    "audit_head_remains": ("audit_head", _ROW_DELETE, _ADDED),
    "audit_records_are_not_emptied": ("audit_records", _TRUNCATE, _ADDED),
    "audit_values_stay": ("audit_values", _ROW_UPDATE, _ONLY_ERASED),
    "audit_values_remain": ("audit_values", _ROW_DELETE, _ONLY_ERASED),
    "audit_values_are_not_emptied": ("audit_values", _TRUNCATE, _ONLY_ERASED),
    "helpdesk_notify": (
        "ticket_events",
        _INSERTED,
        "BEGIN PERFORM pg_notify('helpdesk', ''); RETURN NULL; END",
    ),
}
_POSTGRESQL_QUERY = text(
    "SELECT t.tgname, c.relname, t.tgtype, p.prosrc, t.tgenabled, t.tgqual IS NULL "
    "AND t.tgattr::text = '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
)


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each trigger that is missing, altered, switched off or foreign."""
    postgresql = session.connection().dialect.name == "postgresql"
    found = dict(_postgresql(session) if postgresql else _sqlite(session))
    for name in (*_POSTGRESQL,) if postgresql else (*_SQLITE,):
        if name not in found:
            yield f"the trigger {name}, a guard of the audit trail, was removed from the database."
        elif not found.pop(name):
            yield f"the trigger {name}, a guard of the audit trail, was altered or switched off."
    for name in found:
        yield f"the database has a trigger {name} that is not of this program."


def _sqlite(session: Session) -> Iterator[tuple[str, bool]]:
    statement = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, sql in session.connection().execute(statement):
        yield name, _SQLITE.get(name) == sql


def _postgresql(session: Session) -> Iterator[tuple[str, bool]]:
    for name, table, kind, body, enabled, plain in session.connection().execute(_POSTGRESQL_QUERY):
        expected = _POSTGRESQL.get(name, ("", 0, ""))
        enabled = enabled.decode() if isinstance(enabled, bytes) else enabled
        is_on = enabled in ("O", "A") and plain
        yield name, is_on and (table, kind, " ".join(body.split())) == expected
