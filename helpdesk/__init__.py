"""helpdesk: a full-screen help desk for the terminal.

Importing this package loads nothing else.  The entry point is ``helpdesk.cli.main``.
"""

__version__ = "0.2.0.dev0"
