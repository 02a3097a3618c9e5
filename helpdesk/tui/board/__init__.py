"""The lead's board, its wall display, and giving a ticket to somebody in two keys."""
