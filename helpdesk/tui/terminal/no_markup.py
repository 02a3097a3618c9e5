"""Show square brackets as they are: no text of the app is markup.

Textual takes a plain string for markup in many places: the tooltip of a table's cell, the title of
a border, the label of a tab.  What people write would there be styled, act as a link, or end the
app as faulty markup.  The app itself styles its texts without markup, so it needs none anywhere.
"""

from typing import Any

from rich.text import Text
from textual.content import Content


def switch_markup_off() -> None:
    """Make Textual and Rich read no markup, in this whole process."""
    Content.from_markup = classmethod(_content)  # type: ignore[assignment,method-assign]
    Text.from_markup = classmethod(_text)  # type: ignore[assignment,method-assign]


def _content(cls: type[Content], /, markup: str | Content, **_: object) -> Content:
    return markup if isinstance(markup, Content) else cls(markup)


def _text(cls: type[Text], /, text: str, **options: Any) -> Text:
    for name in ("emoji", "emoji_variant"):
        options.pop(name, None)
    return cls(text, **options)
