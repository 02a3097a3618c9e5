"""Format countdowns, notices and timelines as text for the screens."""
