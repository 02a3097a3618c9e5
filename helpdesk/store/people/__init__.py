"""Queries about agents, keys, connections, presence and notices."""
