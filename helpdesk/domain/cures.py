"""The cures that the sentence of an error names: an option for the shell, a key for the app.

A sentence names both, because the desk does not know who asks: "the note is empty: write it
(--text), or leave with Esc".  Each side leaves out what belongs to the other.
"""

import re

_OPTION = re.compile(r" \(--[a-z][a-z-]*\)")
_KEY = ", or leave with Esc"


def in_the_app(sentence: str) -> str:
    """Return a sentence without the options of commands that stand in parentheses."""
    return _OPTION.sub("", sentence)


def in_the_shell(sentence: str) -> str:
    """Return a sentence without the advice to leave a screen."""
    return sentence.replace(_KEY, "")
