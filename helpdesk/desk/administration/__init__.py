"""Backup, upgrade, copy, integrity check and diagnosis of a desk."""
