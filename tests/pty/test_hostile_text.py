"""Control characters in tickets and articles never reach the terminal in a real session."""

import os
import pwd
from pathlib import Path

import pytest

from helpdesk.desk.session import OWNER, Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.text import accept
from helpdesk.store.people import people
from tests.hostile import hostile_texts
from tests.hostile_desk import fill
from tests.pty.terminal import ENTER, ESCAPE, F2, Terminal
from tests.terminal_stream import foreign

PAGE_DOWN = "\x1b[6~"


@pytest.fixture
def hostile_desk(desk: Desk, kb: Path) -> Desk:
    """A desk with hostile text in every field of its tickets and in its knowledge base."""
    fill(desk, kb)
    return desk


def test_the_terminal_gets_only_visible_text_and_the_apps_own_sequences(
    hostile_desk: Desk, tmp_path: Path, kb: Path
) -> None:
    login = pwd.getpwuid(os.getuid()).pw_name  # the program in the terminal is the real user's
    with hostile_desk.database.write() as session:
        people.set_desk_setting(session, OWNER, login)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
        "HELPDESK_KB": str(kb),
    }
    opened = Terminal("--as", "ann", env=env, columns=120, rows=40)
    opened.wait_for("ann (")
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
            opened.read(0.4)
            opened.type(ESCAPE)
            opened.read(0.2)
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
    opened.hang_up()
    opened.wait_for_end()
    stream = opened.raw.decode("utf-8", "replace")
    assert "␛]0;owned␇" in stream
    assert "HAND-OVER" in stream
    assert foreign(stream) == []


def test_hostile_text_is_stored_unchanged(hostile_desk: Desk) -> None:
    texts = list(hostile_texts())
    shown = show_ticket.show(hostile_desk, 1)
    assert shown.body == accept(texts[1], "body")
    replies = [event.text for event in shown.events if event.type == "replied"]
    assert replies == [f"{accept(texts[3], 'reply')} ok"]
