"""Queries about agents, requesters, customers, keys, connections, presence and notices."""
