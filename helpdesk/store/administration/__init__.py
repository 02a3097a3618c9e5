"""Backup, copy, check and size of a database."""
