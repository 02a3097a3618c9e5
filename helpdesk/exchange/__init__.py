"""Tickets from other programs: reading their export files by a mapping file."""
