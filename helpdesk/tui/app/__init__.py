"""The app: startup, ticker, notifications, preferences, help."""
