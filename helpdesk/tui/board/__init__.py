"""The lead's board, its wall display, and the dialog that reassigns a ticket in two keys."""
