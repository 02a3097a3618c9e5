"""The screen that shows the manual."""
