"""A list of options that takes every key at any time, also before it is laid out."""

from textual.widgets import OptionList


def has_lines(options: OptionList) -> bool:
    """Return whether a list has been laid out, so that its lines can be counted in pages."""
    return bool(options.scrollable_content_region)


class DeskOptions(OptionList):
    """Textual's list, in which a page key does nothing before there are pages."""

    def action_page_up(self) -> None:
        """Move the cursor a page up."""
        if has_lines(self):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Move the cursor a page down."""
        if has_lines(self):
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_move(self, lines: int) -> None:
        """Move the cursor down by this many lines, or up if negative."""
        for _ in range(abs(lines)):
            if lines > 0:
                self.action_cursor_down()
            else:
                self.action_cursor_up()

    def action_page(self, pages: int) -> None:
        """Move the cursor a page down, or up if negative."""
        if pages > 0:
            self.action_page_down()
        else:
            self.action_page_up()

    def action_jump(self, place: int) -> None:
        """Move the cursor to the first line (0) or the last (-1)."""
        if place == 0:
            self.action_first()
        else:
            self.action_last()
