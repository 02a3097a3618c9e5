"""The control sequences that the app sends to the terminal: a closed list.

Textual's renderer sends styles and moves the cursor, Textual's driver switches modes of the
terminal, and the app copies text and asks for desktop notifications.  Whatever else looks like a
control sequence is text that somebody wrote; :mod:`helpdesk.tui.terminal.fewer_bytes` shows it as
text.
"""

import os

#: A style (``SGR``); the group ``style`` holds its parameters.
STYLE = r"\x1b\[(?P<style>[0-9;:]*)m"
#: The cursor's place, and line ends between the rows of a whole screen.
MOVE = r"\x1b\[[0-9;]*[Hf]|[\r\n]+"
#: Sequences that draw nothing, each with all that it may contain.
SILENT = (
    # The cursor, line wrap, the second screen, mouse, focus, paste, whole frames, resizing
    r"\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    r"|\x1b\[\?20(?:26|48)\$p"  # does the terminal know frames and resizing?
    r"|\x1b\[>[0-9]{1,3}u|\x1b\[<u"  # the keyboard's protocol, on and off
    r"|\x1b\]22;[a-z-]{1,20}\x07"  # the shape of the pointer
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # the clipboard, in base64
    r"|\x1b\](?:9|777;notify;helpdesk);[^\x00-\x1f\x7f-\x9f]{0,200}\x07"  # a desktop notification
    r"|\x07"  # the bell
)
_NOTIFICATION_LIMIT = 200


def desktop_notification(sentence: str) -> str:
    """Return the control sequence that asks the terminal for a desktop notification.

    iTerm2, kitty, WezTerm, foot, Ghostty and Windows Terminal support OSC 9; VTE and rxvt support
    OSC 777.  A terminal that supports neither shows nothing.

    :param sentence: any text; what is not printable is left out, and it is cut at 200 characters.
    """
    text = "".join(char for char in sentence if char.isprintable())[:_NOTIFICATION_LIMIT]
    if "VTE_VERSION" in os.environ or os.environ.get("TERM", "").startswith("rxvt"):
        return f"\x1b]777;notify;helpdesk;{text.replace(';', ',')}\x07"
    return f"\x1b]9;{text}\x07"
