"""Show control and invisible characters of any widget's text as signs.

Textual passes each line of each widget through the app's line filters while text and style are
still apart: what a segment holds is text, whatever it looks like.  A field therefore keeps what was
stored and only shows it differently.
"""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from helpdesk.domain.text import inert_in_place


class InertSegments(LineFilter):
    """A line filter that makes the text of segments harmless; a line keeps its width.

    Textual gives most of these characters no room.  Their signs take it from the blanks at the end
    of segments to their right; where there are none, the last signs are left out.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with harmless text and without hyperlinks."""
        texts = [text for text, _, _ in segments]
        line = "".join(texts)
        # Whole lines, because the cursor may stand within an emoji or a run of marks.
        shown_line = inert_in_place(line)
        if shown_line == line and not any(map(_is_odd, segments)):
            return segments
        blanks = [len(text) - len(text.rstrip(" ")) for text in texts]
        taken = end = 0
        for place, text in enumerate(texts):
            start, end = end, end + len(text)
            words = text.rstrip(" ")
            signs = shown_line[start : start + len(words)]
            if signs != words:
                room = max(0, sum(blanks[place:]) - taken)
                shown = _fitted(words, signs, room)
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


def _is_odd(segment: Segment) -> bool:
    """Return whether a segment has a control code or a hyperlink, which no widget needs."""
    _, style, control = segment
    return control is not None or (style is not None and bool(style.link))


def _fitted(text: str, signs: str, room: int) -> str:
    """Return the text with its signs, at least as wide as it and at most ``room`` cells wider."""
    width = cell_len(text)
    shown = _with_signs(text, signs, len(signs))
    if cell_len(shown) > width + room:
        shown = _with_signs(text, signs, room)
    return set_cell_size(shown, min(max(cell_len(shown), width), width + room))


def _with_signs(text: str, signs: str, room: int) -> str:
    """Return the text with at most ``room`` signs of characters that had no width.

    Marks beyond the limit get none.
    """
    kept = []
    for char, sign in zip(text, signs, strict=True):
        if sign != char and cell_len(char) == 0:
            if room <= 0 or inert_in_place(char) == char:
                continue
            room -= 1
        kept.append(sign)
    return "".join(kept)
