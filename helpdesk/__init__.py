"""helpdesk: a full-screen help desk for the terminal.

Importing this package loads nothing else; see ``helpdesk.cli.main`` for the way in.
"""

__version__ = "0.2.0.dev0"
