"""Taking tickets over from another program: their timelines, their clocks, each only once."""
