"""Apply verbs to one or many tickets in one transaction, and undo them."""
