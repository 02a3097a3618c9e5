"""Logging a query while the caller talks: fields left, what it looks like right."""
