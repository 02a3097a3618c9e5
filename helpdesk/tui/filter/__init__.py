"""Filtering a list by a query, and keeping filters as views."""
