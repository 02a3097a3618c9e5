"""Agents, requesters, support levels, preferences and presence."""
