"""Service levels: what was promised, and how it stands."""
