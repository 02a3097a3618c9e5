"""Base classes of the screens, and the app as the screens see it."""
