"""Queries for the export, and the origins of imported tickets."""
