"""The use cases: one transaction each.

What is done to tickets is an action: a class such as ``Claim`` or ``Resolve``, beside its noun.
``bulk.apply`` carries actions out on one ticket or on many.  Everything else is a function that
takes an open :class:`helpdesk.desk.session.Desk` first.  Each checks the acting agent's rights,
records what it does in the timeline and returns plain facts.

The modules called ``views``, one for each noun, describe these facts: frozen dataclasses with no
database behind them.  Their instants are aware UTC datetimes in whole seconds, durations are
seconds.  Text is as it was stored: pass it through :func:`helpdesk.domain.text.inert` before it is
shown.  ``views`` and ``drafts`` load nothing heavy; the other modules import the database layer.
"""
