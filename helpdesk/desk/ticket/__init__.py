"""The use cases of one ticket: log it, work on it, finish it, show it."""
