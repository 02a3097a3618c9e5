"""The manual as the app shows it."""
