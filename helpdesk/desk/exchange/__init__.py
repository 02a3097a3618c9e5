"""Export to and import from other programs."""
