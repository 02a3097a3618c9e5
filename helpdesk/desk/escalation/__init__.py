"""Handing a ticket to another level."""
