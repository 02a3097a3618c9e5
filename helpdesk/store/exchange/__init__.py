"""Queries for export and the origins of imported tickets."""
