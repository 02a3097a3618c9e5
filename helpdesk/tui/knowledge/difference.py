"""The screen that compares two versions of an article."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.text import inert, one_line
from helpdesk.tui.widgets.keymap import BACK, DIFFERENCE, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal

_STYLES = {"+": "$success", "-": "$error", "@": "$secondary"}
#: Longer differences are cut.
_MAX_LINES = 2_000


class DifferenceScreen(SteadyModal[str]):
    """Compare two versions of an article.

    Its result is "mine", "theirs", or "" to continue writing.

    :param sentence: what is compared.
    :param lines: the changes that saving would make, as the lines of a unified diff.
    """

    MANUAL = "knowledge#when-two-people-edit-the-same-file"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, DIFFERENCE)]

    def __init__(self, sentence: str, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._sentence = sentence
        self._changes = lines

    def compose(self) -> ComposeResult:
        """Lay out the sentence, the lines and the key hints."""
        with VerticalScroll():
            sentence = one_line(self._sentence)
            yield Static(Content.styled(sentence, "$warning"), markup=False)
            yield Static(self._lines(), markup=False, classes="difference")
        hints = "- theirs  + mine    Ctrl+S save mine   F7 take theirs   Esc go on writing"
        yield Static(Content(hints), classes="hints", markup=False)

    def _lines(self) -> Content:
        lines = [inert(line).replace("\n", " ") for line in self._changes[:_MAX_LINES]]
        return Content("\n").join(Content.styled(line, _STYLES.get(line[:1], "")) for line in lines)

    def action_back(self) -> None:
        """Continue writing; the next save overwrites the other version."""
        self.dismiss("")

    def action_choose(self, choice: str) -> None:
        """Return the choice as the result."""
        self.dismiss(choice)
