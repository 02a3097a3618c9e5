"""The shortened output draws the same screen with fewer bytes."""

import pyte
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.tui.terminal.fewer_bytes import LeanOutput
from tests.hostile import hostile_texts
from tests.terminal_stream import foreign

_STYLES = st.sampled_from(
    ["0", "", "1", "38;2;200;10;3", "38;2;200;10;3;48;2;1;2;3", "7", "0;4", "4;9", "22", "39;49"]
)
_PIECES = st.one_of(
    st.tuples(_STYLES, st.text("ab░ 漢", min_size=1, max_size=5)).map(
        lambda pair: f"\x1b[{pair[0]}m{pair[1]}\x1b[0m"
    ),
    _STYLES.map(lambda style: f"\x1b[{style}m"),
    st.tuples(st.integers(1, 6), st.integers(1, 20)).map(lambda at: f"\x1b[{at[0]};{at[1]}H"),
    st.sampled_from(["\r\n", "\x1b[?25l", "\x1b[?2026h", "\x1b]22;default\x07", "\x07"]),
    st.text("xyz", max_size=3),
)


def shown(*pieces: str) -> list[tuple[object, ...]]:
    """Return the cells, with their styles, of a terminal that was sent these pieces."""
    screen = pyte.Screen(20, 6)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece)
    return [screen.buffer[y][x] for y in range(6) for x in range(20)]


@given(st.lists(_PIECES, max_size=25))
def test_the_screen_is_the_same_in_whatever_pieces_it_is_sent(pieces: list[str]) -> None:
    lean = LeanOutput()
    assert shown(*(lean.feed(piece) for piece in pieces)) == shown("".join(pieces))


def test_a_repeated_style_is_sent_once() -> None:
    style = "\x1b[38;2;200;200;200;48;2;20;20;20m"
    frame = "".join(f"\x1b[{line};10H{style}0:12:3{line}\x1b[0m" for line in range(1, 6))
    lean = LeanOutput()
    first, second = lean.feed(frame), lean.feed(frame)
    assert first.count("38;2") == 1
    assert "38;2" not in second
    assert len(second) < len(frame) / 2


def test_a_reset_is_sent_before_the_screen_is_left() -> None:
    lean = LeanOutput()
    assert lean.feed("\x1b[41mred\x1b[0m") == "\x1b[0;41mred"
    assert lean.feed("\x1b[?1049l") == "\x1b[m\x1b[?1049l"
    assert lean.feed("\x1b[41mred\x1b[0m\x1b[?1049l") == "\x1b[0;41mred\x1b[m\x1b[?1049l"


def test_a_sequence_without_end_does_not_stop_the_output() -> None:
    lean = LeanOutput()
    for start in ("\x1b]", "\x1b]52;c;", "\x1b[", "\x1bP", "\x1b"):
        assert lean.feed(f"before {start}") == f"before {start.replace(chr(27), '␛')}"
        assert lean.feed("after") == "after"


def test_only_sequences_of_the_app_are_sent() -> None:
    for text in hostile_texts():
        assert foreign(LeanOutput().feed(text)) == []
    for code in (*range(0x20000), *range(0xE0000, 0xE1100)):
        assert foreign(LeanOutput().feed(f"a{chr(code)}b")) == [], hex(code)
