"""Pure rules of the desk: no I/O, no database, and no clock of its own (`now` is an argument)."""
