"""Queries about tickets, their parts, queues and the board."""
