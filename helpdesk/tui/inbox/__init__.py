"""The inbox, and the list of recent SLA warnings and breaches."""
