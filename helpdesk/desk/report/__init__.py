"""Figures for leads and customers."""
