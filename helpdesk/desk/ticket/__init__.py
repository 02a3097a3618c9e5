"""One ticket: logging, working on it, finishing it."""
