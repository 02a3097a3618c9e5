"""The use cases: one verb a function, one transaction each.

Every verb takes an open :class:`helpdesk.desk.session.Desk` first, checks the acting agent's
rights, records what it does in the timeline and returns plain facts.

The modules called ``views``, one for each noun, describe these facts: frozen dataclasses with no
database behind them.  Their instants are aware UTC datetimes in whole seconds, durations are
seconds.  Text is as it was stored: pass it through :func:`helpdesk.domain.text.inert` before it is
shown.  ``views`` and ``drafts`` load nothing heavy; the other modules import the database layer.
"""
