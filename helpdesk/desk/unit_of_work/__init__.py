"""How every ticket is changed: one transaction, timeline entries, clocks, notices."""
