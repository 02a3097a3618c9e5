"""The SLA clocks: targets, the time used and left, warnings and breaches.

``clocks.read_clocks`` computes the customer's clocks of a ticket, ``ola.read_ola`` the levels' OLA
clocks.  ``explain`` explains a due time, ``thresholds`` finds the next warning or breach, and
``countdown`` computes the time left at a later moment.  The package itself imports nothing, so that
importing a clock's name alone, as the database and the screens do, stays cheap.
"""
