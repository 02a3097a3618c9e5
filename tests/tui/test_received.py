"""Keys and pasted texts are told apart; a terminal's answers among the keys are dropped."""

import pytest

from helpdesk.tui.terminal.received import Pasted, Received
from tests.hostile import hostile_texts

ANSWERS = (
    *("\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[0n", "\x1b[?1;2R", "\x1b[?0u", "\x1b[8;24;80t"),
    *("\x1bP1$r0m\x1b\\", "\x1bP>|xterm(380)\x1b\\", "\x1bP1+r544e=7874\x1b\\"),
    *("\x1b]11;rgb:0000/0000/0000\x07", "\x1b]52;c;cm0gLXJm\x07", "\x1b]ltitle v q\x1b\\"),
    *("\x1b]4;1;rgb:cdcd/0000/0000\x1b\\", "\x1b_Gi=1;OK\x1b\\"),
)
_KEYS = (
    *("abc", "\x1b", "\x1b\x1b", "\x1b[A", "\x1b[1;5C", "\x1bOQ", "\x1b[15~", "\x1b[1;2R"),
    *("\x1b]", "\x1bP", "\x1b_", "\x1b[", "\x1b[?2026;2$y", "\x1b[48;24;80;0;0t", "\x1b[97;5u"),
    *("\x1b[<0;3;4M", "\x1b[<0;3;4m", "\x1b[I", "\x1b[O", "\x1ba", "字\x07\x7f\r\t"),
)  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_dropped_wherever_it_is_cut(answer: str) -> None:
    for place in range(len(answer)):
        assert received(f"a{answer[:place]}", f"{answer[place:]}b") == "ab", place


@pytest.mark.parametrize("keys", _KEYS)
def test_keys_are_passed_on_wherever_they_are_cut(keys: str) -> None:
    for place in range(len(keys) + 1):
        assert received(f"a{keys[:place]}", keys[place:]) == f"a{keys}", place


def test_pasted_text_presses_no_keys_wherever_it_is_cut() -> None:
    for text in (*ANSWERS, *hostile_texts(), "\x1b]x\x13", "\x1b[20\x1b[201"):
        if "\x1b[201~" in text:
            continue
        sent = f"x\x1b[200~{text}\x1b[201~y"
        places = range(len(sent)) if len(sent) < 60 else (0, 3, 9, len(sent) - 4)
        for place in places:
            given = Received()
            parts = [*given.feed(sent[:place]), *given.feed(sent[place:])]
            assert [part for part in parts if isinstance(part, Pasted)] == [Pasted(text)], place
            keys = "".join(part for part in parts if isinstance(part, str))
            assert keys + given.flush() == "xy", place


def test_what_never_ends_is_held_back_no_longer_than_an_answer() -> None:
    assert list(Received().feed("\x1b]2;" + "x" * 200_000)) != []


def received(*sent: str) -> str:
    """Return the keys in what was sent in pieces."""
    given = Received()
    parts = [part for text in sent for part in given.feed(text)]
    return "".join(part for part in parts if isinstance(part, str)) + given.flush()
