"""The list of articles by folder, which a typed text narrows."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.keymap import LIST, bindings
from helpdesk.tui.widgets.option_list import DeskOptions


class ArticleList(DeskOptions):
    """Article titles below their folders, with kind and number of uses."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST[1:])]
    DEFAULT_CSS = """
    ArticleList { height: 1fr; border: none; padding: 0; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis; }
    ArticleList:focus { border: none; }
    """

    class Chosen(Message):
        """The cursor moved to an article."""

        def __init__(self, row: ArticleRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._rows: tuple[ArticleRow, ...] = ()
        self._filter_text = ""

    def show(self, rows: tuple[ArticleRow, ...], go_to: str | None = None) -> None:
        """Replace the articles; the cursor stays on its article.

        :param go_to: the path of the article on which to put the cursor instead.
        """
        self._rows = rows
        self._fill(go_to or self.current_path)

    def narrow(self, text: str) -> None:
        """Show only articles whose title or path contains every word of a text."""
        self._filter_text = text.casefold()
        self._fill(self.current_path)

    @property
    def current_path(self) -> str | None:
        """The path of the article under the cursor; None if there is none."""
        if self.highlighted is None:
            return None
        return self.get_option_at_index(self.highlighted).id

    def _fill(self, go_to: str | None) -> None:
        words = self._filter_text.split()
        shown = [
            row
            for row in self._rows
            if all(word in f"{row.title} {row.path}".casefold() for word in words)
        ]
        width = max((len(_uses(row)) for row in shown), default=0)
        self.clear_options()
        folder = None
        for row in shown:
            row_folder = row.path.rpartition("/")[0]
            if row_folder != folder:
                folder = row_folder
                name = Content.styled(one_line(folder) or ".", "bold $accent")
                self.add_option(Option(name, disabled=True))
            self.add_option(Option(_line(row, width), id=row.path))
        if shown:
            paths = [row.path for row in shown]
            self.highlighted = self.get_option_index(go_to if go_to in paths else paths[0])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Report which article the cursor is on."""
        event.stop()
        row = next((row for row in self._rows if row.path == event.option_id), None)
        if row is not None:
            self.post_message(self.Chosen(row))


def _uses(row: ArticleRow) -> str:
    return f"{row.times_used}× " if row.times_used else ""


def _line(row: ArticleRow, width: int) -> Content:
    """Return the line of an article: overdue or broken, number of uses, kind and title.

    :param width: the width of the number of uses, in cells.
    """
    if row.error:
        name = one_line(row.path.rpartition("/")[2])
        return Content.styled(f"▲ {'':{width}}{name}", "$error")
    kind = "SOP " if row.kind == "sop" else ""
    uses = f"{_uses(row):>{width}}"
    mark = "◆" if row.stale else " "
    status = "" if row.status == "published" else f"  ({row.status})"
    return Content(f"{mark} {uses}{kind}{one_line(row.title)}{status}")
