"""Lists of tickets: queues, the lead's board, filters and saved views."""
