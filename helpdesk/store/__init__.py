"""Where the desk is kept: the mapping, sessions, queries and the change feed.

The only layer that writes SQL, be it as text, in SQLAlchemy's Core or as ORM queries.  ``desk`` and
``report`` hold a session for the time of one transaction, pass it on to the functions here, and
read and change mapped objects; of SQLAlchemy they name the types ``Session`` and ``Row`` alone (a
test checks it).  The other layers know neither SQLAlchemy nor sessions.

Errors of the database leave it as
:class:`helpdesk.domain.errors.UnavailableError` or ``ConflictError`` (see ``trouble``).
"""
