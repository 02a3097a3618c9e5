"""Text whose margin is painted on every line, also on those that wrapping begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

#: A margin is left out only in a column too narrow for a word beside it.
_MIN_TEXT_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one style with a margin.

    :ivar text: the lines, without control characters.
    :ivar style: Textual's markup style of text and margin; "" for the widget's own.
    :ivar first: the margin of the first line.
    :ivar rest: the margin of all further lines, also of those that wrapping begins.
    """

    text: str
    style: str = ""
    first: str = ""
    rest: str = ""

    def lines(self, width: int) -> list[str]:
        """Return the lines as they are painted in a column.

        :param width: the width of the column in cells.
        """
        room = max(_MIN_TEXT_WIDTH, width - max(len(self.first), len(self.rest)))
        wrapped = [line.plain for line in Content(self.text).wrap(room)] or [""]
        return self._with_margins(wrapped)

    @property
    def unwrapped(self) -> str:
        """The text with its margins, in lines of any length."""
        return "\n".join(self._with_margins(self.text.split("\n")))

    def _with_margins(self, lines: Sequence[str]) -> list[str]:
        return [f"{self.rest if at else self.first}{line}" for at, line in enumerate(lines)]


_ELLIPSIS = Block("…")


class MarginText(Visual):
    """Blocks below each other, wrapped at the width at which they are painted.

    :param most: the most lines to paint; None for all.
    :param rest: the block that ends a text of more lines.
    """

    def __init__(
        self, blocks: Sequence[Block], most: int | None = None, rest: Block = _ELLIPSIS
    ) -> None:
        self.blocks = tuple(blocks)
        self._most = most
        self._rest = rest
        self._wrapped: tuple[int, Content] | None = None

    @property
    def plain(self) -> str:
        """The text with its margins, in lines of any length."""
        return "\n".join(block.unwrapped for block in self.blocks)

    def wrap(self, width: int) -> Content:
        """Return the text in lines that fit.

        :param width: the width in cells.
        """
        if self._wrapped is None or self._wrapped[0] != width:
            parts = [
                Content.styled("\n".join(block.lines(width)), block.style) for block in self.blocks
            ]
            self._wrapped = width, self._cut(Content("\n").join(parts), width)
        return self._wrapped[1]

    def _cut(self, text: Content, width: int) -> Content:
        lines = text.split("\n", allow_blank=True) if self._most is not None else []
        if self._most is None or len(lines) <= self._most:
            return text
        rest = Content.styled(self._rest.lines(width)[0], self._rest.style)
        return Content("\n").join([*lines[: self._most - 1], rest])

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the width without wrapping."""
        return Content(self.plain).get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return the number of lines at a width."""
        return self.wrap(width).get_height(rules, width) if width and self.blocks else 0

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Paint the lines."""
        return self.wrap(width).render_strips(width, height, style, options) if width else []
