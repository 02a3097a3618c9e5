"""The use cases: one verb a function, one transaction each.

Every verb takes an open :class:`helpdesk.desk.session.Desk` first, checks the acting agent's
rights, records what it does in the timeline and returns plain facts (``views``).  This package's
``views`` and ``drafts`` load nothing heavy; the other modules import the database layer.
"""
