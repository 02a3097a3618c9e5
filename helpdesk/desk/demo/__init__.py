"""A made desk that looks like a real one: to try the app on, and to measure it with."""
