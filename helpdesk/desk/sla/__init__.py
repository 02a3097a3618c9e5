"""Service levels: the SLA agreement of a ticket, its clocks and due actions, and the OLA."""
