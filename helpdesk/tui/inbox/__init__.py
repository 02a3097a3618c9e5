"""The inbox, and the list of warnings and breaches."""
