"""What two people did to one article, side by side in one list."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from helpdesk.domain.text import inert, one_line
from helpdesk.tui.widgets.keymap import BACK, Key, bindings

_STYLES = {"+": "$success", "-": "$error", "@": "$secondary"}
_LINES = 2_000
KEYS = (
    Key("save_mine", "ctrl+s", "choose('mine')", "save mine", "save mine in place of theirs"),
    Key("take_theirs", "f7", "choose('theirs')", "take theirs", "take theirs, drop mine"),
)


class DifferenceScreen(ModalScreen[str]):
    """Two texts of one article; answers "mine", "theirs", or "" to go on writing.

    :param lines: what saving would change, as a unified diff.
    """

    MANUAL = "knowledge#when-two-people-edit-the-same-file"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, KEYS)]

    def __init__(self, sentence: str, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._sentence = sentence
        self._changes = lines

    def compose(self) -> ComposeResult:
        """The sentence, the lines, the keys."""
        with VerticalScroll():
            sentence = one_line(self._sentence)
            yield Static(Content.styled(sentence, "$warning"), markup=False)
            yield Static(self._lines(), markup=False, classes="difference")
        hints = "- theirs  + mine    Ctrl+S save mine   F7 take theirs   Esc go on writing"
        yield Static(Content(hints), classes="hints", markup=False)

    def _lines(self) -> Content:
        lines = [inert(line).replace("\n", " ") for line in self._changes[:_LINES]]
        return Content("\n").join(Content.styled(line, _STYLES.get(line[:1], "")) for line in lines)

    def action_back(self) -> None:
        """Go on writing; the next save is meant against what they saved."""
        self.dismiss("")

    def action_choose(self, choice: str) -> None:
        """Decide."""
        self.dismiss(choice)
