"""The app: start, ticker, notices, preferences, help."""
