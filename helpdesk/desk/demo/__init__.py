"""Generate a demo desk with realistic tickets, to try the app and to measure its speed."""
