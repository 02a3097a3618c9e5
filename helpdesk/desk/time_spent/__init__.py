"""Time entries and timers of tickets."""
