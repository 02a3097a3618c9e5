"""Show control and invisible characters of any widget's text as signs.

Textual passes each line of each widget through the app's line filters while text and style are
still apart: what a segment holds is text, whatever it looks like.  A field therefore keeps what was
stored and only shows it differently.
"""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from helpdesk.domain.text import inert_cells, inert_in_place


class InertSegments(LineFilter):
    """A line filter that makes the text of segments harmless; a line keeps its width.

    Textual gives most of these characters no room.  Their signs take it from the blanks at the end
    of segments to their right; where there are none, the last signs are left out.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with harmless text and without hyperlinks."""
        if all(_is_harmless(segment) for segment in segments):
            return segments
        texts = [text for text, _, _ in segments]
        blanks = [len(text) - len(text.rstrip(" ")) for text in texts]
        taken = 0
        for place, text in enumerate(texts):
            words = text.rstrip(" ")
            shown = inert_cells(words)
            if shown != words:
                room = max(0, sum(blanks[place:]) - taken)
                shown = _fitted(words, shown, room)
                texts[place] = shown + text[len(words) :]
                taken += cell_len(shown) - cell_len(words)
        for place in reversed(range(len(texts))):
            cut = min(taken, blanks[place])
            if cut:
                texts[place] = texts[place][:-cut]
                taken -= cut
        return [
            Segment(text, style.update_link(None) if style and style.link else style)
            for text, (_, style, _) in zip(texts, segments, strict=True)
            if text
        ]


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    if control is not None or (style is not None and style.link):
        return False
    return (text.isascii() and text.isprintable()) or inert_cells(text) == text


def _fitted(text: str, shown: str, room: int) -> str:
    """Return the shown text, at least as wide as the text and at most ``room`` cells wider."""
    width = cell_len(text)
    if cell_len(shown) > width + room:
        shown = _without_late_signs(text, room)
    return set_cell_size(shown, min(max(cell_len(shown), width), width + room))


def _without_late_signs(text: str, room: int) -> str:
    """Return the text with signs for only the first harmful characters that had no width."""
    kept = []
    for char, shown in zip(text, inert_in_place(text), strict=True):
        if shown != char and cell_len(char) == 0:
            if room <= 0:
                continue
            room -= 1
        kept.append(shown)
    return inert_cells("".join(kept))
