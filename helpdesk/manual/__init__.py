"""The manual: one page in Markdown for each task, shipped with the program.

The pages lie beside this file; :mod:`helpdesk.manual.pages` reads and searches them.
"""
