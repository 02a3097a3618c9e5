"""Where the desk is kept: the mapping, sessions, queries and the change feed.

The only layer that knows SQL.  Errors of the database leave it as
:class:`helpdesk.domain.errors.UnavailableError` or ``ConflictError`` (see ``trouble``).
"""
