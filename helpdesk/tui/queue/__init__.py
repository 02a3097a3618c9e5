"""The queue screens: a virtual list of tickets in order of due time, with live countdowns."""
