"""The use cases: one transaction each.

Everything that is done to a ticket is an action: a class such as ``Claim`` or ``Resolve`` in the
folder of its noun.  ``bulk.apply`` carries out actions on one or many tickets.  Every other use
case is a function whose first argument is an open :class:`helpdesk.desk.session.Desk`.  Each use
case checks the acting agent's rights, records its changes in the timeline and returns plain facts.

The modules named ``views``, one for each noun, define these facts: frozen dataclasses without a
database connection.  Points in time are aware UTC datetimes in whole seconds; durations are in
seconds.  Text is returned as it was stored: pass it through :func:`helpdesk.domain.text.inert`
before showing it.  ``views`` and ``form_drafts`` are cheap to import; the other modules import the
database layer.
"""
