"""The command line: a contract that scripts depend on (see the manual, page ``command-line``).

Parsing and help load neither the ORM nor Textual; a command's own module is imported when the
command runs.
"""
