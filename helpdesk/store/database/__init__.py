"""Engines, sessions, schema version, writer queue and the append-only logs."""
