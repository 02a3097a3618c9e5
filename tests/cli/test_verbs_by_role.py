"""More than forty verbs as every role: allowed or refused alike through shell and SSH door.

The table below says what the manual says (``ssh.md``, "Roles and rights" and "In which queues").
Tickets: HD-1 is in L1, HD-2 in L2, HD-4 is resolved in L2.  HD-3 belongs to a customer who is
confidential to ``one``, ``two``, ``vendor``, ``lea`` and ``adm``.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.desk.policy.files import starter_text
from helpdesk.ssh.request_limits import RequestLimits
from tests.cli.shell import Done, Shell

#: The people, in the order of the columns below, each with the levels they serve and their role.
PEOPLE = {
    "one": ("L1", "agent"),
    "two": ("L2", "agent"),
    "vendor": ("L3", "agent"),
    "outsider": ("L1", "agent"),
    "lea": ("L1", "lead"),
    "eddy": (None, "editor"),
    "aud": (None, "auditor"),
    "adm": ("L1", "admin"),
}
_PEN = "--reason r --note n"
#: By verb, for one, two, vendor, outsider, lea, eddy, aud and adm: y is allowed, n is refused for
#: want of a right, and h is answered like a ticket that does not exist.
TABLE = {
    "ticket new -s words": "yyyyynny",
    "ticket list": "yyyyyyyy",
    "ticket show 1": "yyyyyyyy",
    "ticket show 3": "yyyhyhyy",
    "ticket claim 1": "ynnyynny",
    "ticket claim 2": "nynnynny",
    "ticket claim 3": "ynnhynny",
    "ticket assign 1 --to one": "ynnyynny",
    "ticket reply 1 --by phone --text x": "yyyyynny",
    "ticket reply 3 --by phone --text x": "yyyhynny",
    "ticket note 2 --text x": "yyyyynny",
    f"ticket escalate 1 --to L2 {_PEN}": "ynnyynny",
    f"ticket escalate 2 --to L3 {_PEN}": "nynnynny",
    f"ticket return 2 --to L1 {_PEN}": "nynnynny",
    f"ticket escalate 1 --to lead {_PEN}": "ynnyynny",
    "ticket pend 1 --on requester": "ynnyynny",
    "ticket resolve 1 --text x": "ynnyynny",
    "ticket resolve 3 --text x": "ynnhynny",
    "ticket set 1 --impact high": "ynnyynny",
    "ticket set 2 --tag +vip": "yyyyynny",
    "ticket set 4 --csat 5": "yyyyynny",
    "ticket reopen 4": "yyyyynny",
    "ticket close 4": "nynnynny",
    "ticket link 1 --to 2": "yyyyynny",
    "ticket merge 1 --into 2": "ynnyynny",
    "ticket split 1 -s part": "ynnyynny",
    "ticket receive 1 --text x": "ynnyynny",
    "ticket follow-up 1 --at 2h": "ynnyynny",
    "ticket watch 1": "yyyyyyyy",
    "ticket time 1 5m": "ynnyynny",
    "search words": "yyyyyyyy",
    "view save mine state:open": "yyyyyyyy",
    "view save ours state:open --shared": "nnnnynny",
    "kb list": "yyyyyyyy",
    "kb new new/one.md --title One": "yyyyyyny",
    "kb check": "yyyyyyyy",
    "people list": "yyyyyyyy",
    "people add Ada": "yyyyynny",
    "policy show": "yyyyyyyy",
    "policy apply -": "nnnnynny",
    "sla explain 1": "yyyyyyyy",
    "report kpi": "yyyyyyyy",
    "report audit": "nnnnnnyy",
    "agent list": "yyyyyyyy",
    "agent add eve --level L1": "nnnnnnny",
    "agent set one --name One": "nnnnnnny",
    "db check": "nnnnnnny",
}
#: What no key opens: it is for the account on the host.
HOST_ONLY = ("db check",)
POLICY = (
    starter_text()
    + """
[customers.Secret]
domains = ["secret.example"]
confidential = ["one", "two", "vendor", "lea", "adm"]
"""
)


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """The desk with the people and the tickets."""
    for login, (level, role) in PEOPLE.items():
        levels = ("--level", level) if level else ()
        assert shell.run("agent", "add", login, *levels, "--role", role).returncode == 0
    assert shell.run("policy", "apply", "-", stdin=POLICY).returncode == 0
    for requester in ("jo@y.example", "jo@y.example", "x@secret.example", "jo@y.example"):
        done = shell.run("--as", "one", "ticket", "new", "-s", "words", "--requester", requester)
        assert done.returncode == 0, done.stderr
    done = shell.run("ticket", "escalate", "2", "4", *f"--to L2 {_PEN}".split())
    assert done.returncode == 0, done.stderr
    assert shell.run("ticket", "resolve", "4", "--text", "x").returncode == 0
    return shell


def _through_the_shell(shell: Shell, login: str, command: str) -> Done:
    return shell.run("--as", login, *command.split(), stdin=POLICY)


def _through_the_door(shell: Shell, login: str, command: str) -> Done:
    shell.env["SSH_ORIGINAL_COMMAND"] = command
    try:
        options = ("--db", str(shell.db), "--kb", str(shell.kb), "--home", str(shell.folder))
        return shell.run("door", *options, "--as", login, stdin=POLICY)
    finally:
        del shell.env["SSH_ORIGINAL_COMMAND"]


def _outcome(done: Done) -> str:
    if done.returncode == 0:
        return "y"
    if done.returncode == 4:
        return "n"
    return "h" if b"there is no ticket HD-3" in done.stderr else done.stderr.decode()


@pytest.mark.parametrize("way", [_through_the_shell, _through_the_door])
@pytest.mark.parametrize("login", PEOPLE)
def test_each_verb_is_allowed_or_refused_as_the_manual_says(
    desk: Shell,
    login: str,
    way: Callable[[Shell, str, str], Done],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What cannot be taken back again from the process that runs the tests.
    monkeypatch.setattr("helpdesk.cli.ssh.confinement.confine", lambda *_: None)
    monkeypatch.setattr(RequestLimits, "limit_memory_and_files", lambda *_: None)
    monkeypatch.setattr(RequestLimits, "limit_processor_time", lambda *_: None)
    before = tmp_path / "before.db"
    shutil.copyfile(desk.db, before)
    place = list(PEOPLE).index(login)
    found, said = {}, {}
    for command in TABLE:
        for ending in ("-wal", "-shm"):
            Path(f"{desk.db}{ending}").unlink(missing_ok=True)
        shutil.copyfile(before, desk.db)
        (desk.kb / "new" / "one.md").unlink(missing_ok=True)
        found[command] = _outcome(way(desk, login, command))
    said = {command: row[place] for command, row in TABLE.items()}
    if way is _through_the_door:
        said |= dict.fromkeys(HOST_ONLY, "n")
    assert found == said
