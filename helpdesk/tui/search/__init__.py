"""The search screen, suggestions and their reader."""
