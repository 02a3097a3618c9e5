"""The storage layer: mapped classes, sessions, queries and the change feed.

It is the only layer that writes SQL, whether as text, with SQLAlchemy Core or as ORM queries.
``desk`` and ``report`` open a session for one transaction, pass it to the functions here, and read
and change mapped objects; they import only the types ``Session`` and ``Row`` from SQLAlchemy (a
test checks this).  The other layers use neither SQLAlchemy nor sessions.

Database errors leave this layer as :class:`helpdesk.domain.errors.UnavailableError`,
``ConflictError`` or ``RefusedError`` (see ``store.database.errors``).
"""
