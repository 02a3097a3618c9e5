"""Suggest articles and past tickets, and log searches."""
