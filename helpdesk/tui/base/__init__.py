"""What every screen builds on: the app as screens see it."""
