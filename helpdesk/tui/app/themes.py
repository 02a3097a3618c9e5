"""The dark and the light theme: muted, with one accent and three signal colours."""

from textual.theme import Theme

# The variable "rule" is the colour of the lines between panes: quiet, but on a terminal of 16
# colours still another one than the background.

DARK = Theme(
    name="helpdesk-dark",
    primary="#7aa2c8",
    secondary="#8a93a0",
    accent="#7aa2c8",
    foreground="#c9ced6",
    background="#15181c",
    surface="#1a1e23",
    panel="#22272e",
    success="#7fae7a",
    warning="#d9a441",
    error="#e06c60",
    dark=True,
    variables={"rule": "#5b646f"},
)
LIGHT = Theme(
    name="helpdesk-light",
    primary="#2f5f8f",
    secondary="#5a6570",
    accent="#2f5f8f",
    foreground="#23282e",
    background="#fbfbf9",
    surface="#f4f4f1",
    panel="#e8e8e3",
    success="#3c7a3a",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables={"rule": "#9aa0a6"},
)
