"""Hand a ticket over to another level or to the lead."""
