"""The author of a text is told whom it names in vain; the text is kept all the same."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from helpdesk.desk import scheduler
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import utc_now
from helpdesk.desk.settings import Settings
from tests.cli.shell import Shell

_NOTE = ("--reason", "r", "--tried", "t", "--known", "k", "--note", "@gon please", "--to", "L2")
_CONFIDENTIAL = '[customers."Umbra"]\ndomains = ["umbra.example"]\nconfidential = ["{owner}"]\n'


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A desk with a ticket of a confidential customer and one of nobody, and gon, disabled."""
    for login in ("bob", "gon"):
        shell.run("agent", "add", login, "--level", "L1,L2")
    shell.run("agent", "disable", "gon")
    text = shell.run("policy", "show").stdout.decode()
    own = _CONFIDENTIAL.format(owner=shell.login)
    assert shell.run("policy", "apply", "-", stdin=f"{text}\n{own}").returncode == 0
    shell.run("ticket", "new", "-s", "secret", "--requester", "x@umbra.example")
    shell.run("ticket", "new", "-s", "open")
    return shell


@pytest.mark.parametrize(
    ("ticket", "text", "told"),
    [
        ("1", "@bob look", "@bob may not see HD-1 and was not told."),
        ("2", "@gon look", "@gon is disabled and was not told."),
        ("2", "ask @bbo.", "@bbo is no agent of this desk: nobody was told."),
        ("2", "@bob and mail@gon, see @bob.", ""),
    ],
)
def test_a_mention_without_a_notice_is_told(desk: Shell, ticket: str, text: str, told: str) -> None:
    done = desk.run("ticket", "note", ticket, "--text", text)
    assert done.returncode == 0
    assert done.stderr.decode() == (f"helpdesk: {told}\n" if told else "")
    assert desk.json("ticket", "show", ticket)["events"][-1]["text"] == text
    notices = desk.json("--as", "bob", "inbox")
    assert len(notices) == (0 if told else 1)


def test_so_is_one_in_a_reply_and_in_a_hand_over(desk: Shell) -> None:
    for command in (
        ("reply", "2", "--by", "phone", "--text", "@gon and @gon again"),
        ("escalate", "2", *_NOTE),
    ):
        said = desk.run("ticket", *command).stderr.decode()
        assert said == "helpdesk: @gon is disabled and was not told.\n", command


def test_a_notice_of_a_breach_names_its_clock(desk: Shell) -> None:
    desk.run("ticket", "new", "-s", "down", "--impact", "high", "--urgency", "high")
    assert desk.run("--as", "bob", "ticket", "claim", "3").returncode == 0
    settings = Settings(desk.env["HELPDESK_DATABASE_URL"], desk.kb)
    with patch("helpdesk.desk.session.system_login", lambda: desk.login):
        late = open_desk(settings, lambda: utc_now() + timedelta(days=3))
    scheduler.catch_up(late)
    late.close()
    with_clock = desk.run("--as", "bob", "inbox", "--all").stdout.decode()
    assert "breached: first response" in with_clock
    assert "breached: resolution" in with_clock
