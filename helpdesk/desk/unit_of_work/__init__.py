"""How every change of a ticket is made: one transaction, recorded, clocks settled."""
