"""Engines, sessions, the schema version, the writer queue and the append-only logs."""
