"""The command line, on which scripts depend (see the manual, page ``command-line``).

Parsing and help import neither the ORM nor Textual.  The module of a command is imported when the
command runs.
"""
