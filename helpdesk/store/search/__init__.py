"""The search index: its file, its documents, reading and writing it."""
