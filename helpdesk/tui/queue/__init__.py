"""The queues: a virtual list of tickets, due first, with live countdowns."""
