"""The SLA clock: what was promised, what is left of it, and how that came about.

``clocks.read_clocks`` says how the promises on a ticket stand, ``ola.read_ola`` how the levels' own
clocks do; ``explain`` tells how that came about, ``marks`` what the next warning is, ``countdown``
what is left a moment later.  The package itself imports nothing: who needs a clock's name alone, as
the database and the screens do, does not pay for the rest.
"""
