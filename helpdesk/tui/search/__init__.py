"""The search screen, the list of suggestions, and the reader of a suggestion."""
