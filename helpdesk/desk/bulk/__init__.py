"""Doing verbs to tickets, one or many, in one transaction; and undoing them."""
