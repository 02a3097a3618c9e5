"""Filtering a list by a query, and saving filters as views."""
