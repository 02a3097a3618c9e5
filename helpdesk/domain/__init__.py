"""Pure rules of the help desk: no I/O, no database, no system clock (``now`` is an argument)."""
