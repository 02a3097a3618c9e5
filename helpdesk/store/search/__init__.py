"""The search index: its file, documents, reader and writer."""
