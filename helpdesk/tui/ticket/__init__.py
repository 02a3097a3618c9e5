"""The ticket screen: timeline on the left, clocks and facts on the right."""
