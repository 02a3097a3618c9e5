"""Macros and canned replies."""
