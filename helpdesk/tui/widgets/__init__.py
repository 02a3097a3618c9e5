"""Widgets that several screens use, and the table of keys."""
