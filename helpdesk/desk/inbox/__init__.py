"""Notices to an agent, and warnings and breaches of SLA clocks."""
