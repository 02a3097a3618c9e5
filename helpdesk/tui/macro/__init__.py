"""Screens that run macros and choose replies."""
