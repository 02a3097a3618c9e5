"""The use cases: one transaction each.

What is done to tickets is a class (``work.Claim``, ``outcome.Resolve``, see ``actions``) that
``bulk.apply`` does to one ticket or to many.  Everything else is a function that takes an open
:class:`helpdesk.desk.session.Desk` first.  Each checks the acting agent's rights, records what it
does in the timeline and returns plain facts (``views``).  This package's ``views`` and ``drafts``
load nothing heavy; the other modules import the database layer.
"""
