"""Control characters in tickets and articles never reach the terminal in a real session."""

import os
import pwd
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import OWNER, Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.text import accept
from helpdesk.store.people import people
from tests.hostile import hostile_texts
from tests.hostile_desk import fill
from tests.pty.terminal import CTRL_S, ENTER, ESCAPE, F2, Terminal
from tests.terminal_stream import foreign, harmful
from tests.tui.test_received import ANSWERS
from tests.verbs import do

PAGE_DOWN, F8 = "\x1b[6~", "\x1b[19~"


@pytest.fixture
def hostile_desk(desk: Desk, kb: Path) -> Desk:
    """A desk with hostile text in every field of its tickets and in its knowledge base."""
    fill(desk, kb)
    return desk


@pytest.fixture
def opened(hostile_desk: Desk, tmp_path: Path, kb: Path) -> Iterator[Terminal]:
    """A terminal in which ann, who owns the desk, works on it."""
    with hostile_desk.database.write() as session:
        people.set_desk_setting(session, OWNER, _login())
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
        "HELPDESK_KB": str(kb),
    }
    terminal = Terminal("--as", "ann", env=env, columns=120, rows=40)
    terminal.wait_for("ann (")
    yield terminal
    terminal.end()


def _login() -> str:
    """Return the real user's login, which is that of the program in the terminal."""
    return pwd.getpwuid(os.getuid()).pw_name


def stream_of(terminal: Terminal) -> str:
    """End the program; return all that the terminal got."""
    terminal.hang_up()
    terminal.wait_for_end()
    return terminal.raw.decode("utf-8", "replace")


def test_the_terminal_gets_only_visible_text_and_the_apps_own_sequences(opened: Terminal) -> None:
    opened.type("2")
    opened.wait_for("L2 · open")
    opened.wait_for("HD-9")
    for _ in range(6):
        opened.type("jjj")
        opened.read(0.2)
        opened.type(ENTER)
        opened.wait_for("HAND-OVER")
        opened.type(PAGE_DOWN)
        opened.read(0.2)
        for key in "serv":  # forms whose fields are filled with what is stored
            opened.type(key)
            opened.wait_for("Ctrl+S")
            opened.type(ESCAPE)
            opened.wait_for(lambda text: "Ctrl+S" not in text)
        opened.type(ESCAPE)
        opened.wait_for("L2 · open")
    for keys in (
        *("/", "evil", F2, ENTER, ESCAPE, ESCAPE),  # found, and the article read
        *("K", "/evil", ENTER, ENTER, PAGE_DOWN, "E", PAGE_DOWN, ESCAPE, ESCAPE, ESCAPE, ESCAPE),
        *("w", PAGE_DOWN, ESCAPE, "n", "owned evil loud", F2, ENTER, ESCAPE, ESCAPE),
        *("\x10", ESCAPE, "?", ESCAPE),
    ):
        opened.type(keys)
        opened.read(0.3)
    stream = stream_of(opened)
    assert "␛]0;owned␇" in stream
    assert "HAND-OVER" in stream
    assert foreign(stream) == []


def test_notices_board_wall_and_figures_send_nothing_else(
    opened: Terminal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another agent's texts arrive as toasts and as notifications of the desktop."""
    opened.type("2")
    opened.wait_for("HD-9")
    opened.type(F8)
    opened.wait_for("ring the bell")
    opened.type(F8)
    opened.wait_for("on the desktop")
    monkeypatch.setattr("helpdesk.desk.session.system_login", _login)
    bob = open_desk(Settings(settings.database, settings.kb, "bob"))  # with the real clock
    for text in list(hostile_texts())[::29]:
        number = log_query.log_query(bob, NewQuery(f"{text[:60]} ok")).number
        do(bob, number, Note(f"@ann {text} see"))
    opened.type("I")
    opened.wait_for("mentioned")
    number = log_query.log_query(bob, NewQuery("\x1b]2;own \u202e the last")).number
    do(bob, number, Note("@ann see"))  # alone, so that it is not one of a number of notices
    bob.close()
    opened.wait_for(lambda _: re.search(rb"\x1b\]9;[^\x07]*the last\x07", opened.raw) is not None)
    for keys in (ENTER, ESCAPE, ESCAPE, "b", "w", " ", " ", ESCAPE, ESCAPE, "w", ESCAPE, "R"):
        opened.type(keys)
        opened.read(0.6)
    stream = stream_of(opened)
    for sentence in re.findall(r"\x1b\]9;([^\x07]*)\x07", stream):
        assert harmful(sentence) == []
    assert foreign(stream) == []


def test_pasted_sequences_are_shown_as_signs_and_kept(opened: Terminal, hostile_desk: Desk) -> None:
    some = (text for text in hostile_texts() if "\x1b[201~" not in text and len(text) < 99)
    pasted = "".join(some).encode("utf-8", "replace").decode().replace("\x00", "")
    opened.type("2")
    opened.wait_for("HD-9")
    opened.type("i")
    opened.wait_for("Ctrl+S")
    opened.type(f"\x1b[200~{pasted}\x1b[201~")
    opened.wait_for("␛")
    opened.read(1)
    opened.type(CTRL_S)
    opened.wait_for("noted")
    assert foreign(stream_of(opened)) == []
    notes = [
        event.text
        for number in range(1, 45)
        for event in show_ticket.show(hostile_desk, number).events
    ]
    assert pasted.replace("\r", "\n") in notes


def test_answers_of_the_terminal_press_no_keys(opened: Terminal, hostile_desk: Desk) -> None:
    opened.type("2")
    opened.wait_for("HD-9")
    before = [show_ticket.show(hostile_desk, number).version for number in range(1, 45)]
    for answer in ANSWERS:
        opened.type(answer * 3)
        opened.read(0.3)
        assert "L2 · open" in opened.text, answer
    assert foreign(stream_of(opened)) == []
    after = [show_ticket.show(hostile_desk, number).version for number in range(1, 45)]
    assert after == before


def test_hostile_text_is_stored_unchanged(hostile_desk: Desk) -> None:
    texts = list(hostile_texts())
    shown = show_ticket.show(hostile_desk, 1)
    assert shown.body == accept(texts[1], "body")
    replies = [event.text for event in shown.events if event.type == "replied"]
    assert replies == [f"{accept(texts[3], 'reply')} ok"]
