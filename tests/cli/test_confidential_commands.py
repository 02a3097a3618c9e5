"""No command tells an agent anything about the tickets of a customer who is confidential to others.

The commands and their options are those of the parser, so that a new one is tested as well.
"""

import argparse
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from helpdesk.cli.arguments import Commands
from helpdesk.cli.parser import build_parser
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from tests.cli.shell import Done, Shell
from tests.conftest import StillClock
from tests.hidden_desk import (
    BASE,
    CUSTOMER,
    HIDDEN,
    MAIL,
    MARKER,
    MISSING,
    MOVED,
    PERSON,
    PHONE,
    PLAIN,
    SECOND,
    VISIBLE,
    make,
)

#: These open the app or make a desk of their own.
_NOT_TESTED = {("door",), ("demo",)}
#: The files that a command may write for people; the search index of a desk holds all tickets.
_READABLE = ("", ".csv", ".json", ".jsonl", ".html", ".md", ".txt")
_COMMON = {"help", "db", "kb", "acting_as", "json"}
#: Sample values of arguments by their name; for others, the words of the help or "x" is given.
_SAMPLES = {
    "id": [str(VISIBLE)],
    "ids": [str(number) for number in (VISIBLE, BASE + 4, BASE + 5, BASE + 6, MOVED)],
    "into": [str(PLAIN)],
    "text": ["takeover toner"],
    "query": ["toner"],
    "from_ticket": [str(VISIBLE)],
    "source": [str(VISIBLE)],
    "path": ["print/printer-or-queue.md"],
    "sop": ["print/printer-or-queue.md"],
    "step": ["1"],
    "file": ["-"],
    "batch": ["-"],
    "login": ["bob"],
    "limit": ["50"],
    "version": ["2"],
    "policy_version": ["2"],
    "seen_version": ["1"],
    "level": ["L1"],
    "at": ["2h"],
    "requester": ["p@fab.example"],
    "map": ["freshdesk"],
    "person": [PERSON],
    "days": ["30"],
    "last": ["30d"],
}


def _leaves(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    fill = getattr(parser, "fill", None)
    if fill is not None:
        parser.fill = None  # type: ignore[attr-defined]
        fill(Commands(parser))  # type: ignore[arg-type]
    nested = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not nested:
        yield path, parser
    for one in nested:
        for name, child in one.choices.items():
            yield from _leaves(child, (*path, name))


def _values(action: argparse.Action) -> list[str]:
    """Return sample values for an argument."""
    if action.choices:
        return [str(choice) for choice in action.choices]
    words = re.match(r"[\w.-]+(\|[\w.-]+)+", action.help or "")
    if action.dest == "to" and not words:
        return [str(PLAIN)] if action.metavar == "ID" else ["bob"]
    if words:
        return words.group().split("|")
    return _SAMPLES.get(action.dest, ["x"])


def _given(action: argparse.Action, value: str | None) -> list[str]:
    option = [action.option_strings[-1]] if action.option_strings else []
    return option if value is None else [*option, value]


def _with_id(parser: argparse.ArgumentParser, number: int) -> list[str] | None:
    """Return the arguments of a command for one ticket, or None if it takes none."""
    needed: list[str] = []
    takes = False
    for action in parser._actions:
        if action.required or not action.option_strings:
            is_ticket = action.dest in ("id", "ids")
            takes |= is_ticket
            needed += _given(action, str(number) if is_ticket else _values(action)[0])
    return needed if takes else None


def _lines(parser: argparse.ArgumentParser) -> Iterator[list[str]]:
    """Yield the arguments of a command: as few as possible, then each option with its values.

    The options of commands that log or change a ticket only say what it gets.
    """
    needed: list[str] = []
    for action in parser._actions:
        if action.required or not action.option_strings:
            some = _values(action) if action.nargs == "+" else _values(action)[:1]
            needed += [*_given(action, None), *some]
    yield needed
    yield [*needed, "--json"]
    if _with_id(parser, PLAIN) is not None or "--subject" in needed:
        return
    for action in parser._actions:
        if action.option_strings and not action.required and action.dest not in _COMMON:
            for value in [None] if action.nargs == 0 else _values(action):
                yield [*needed, *_given(action, value)]


_COMMANDS = [
    (path, list(_lines(parser)))
    for path, parser in _leaves(build_parser())
    if path not in _NOT_TESTED
]


@pytest.fixture(scope="module")
def hidden_file(new_desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a desk with hidden tickets, which tests copy."""
    folder = tmp_path_factory.mktemp("hidden")
    shutil.copy(new_desk_file, folder / "desk.db")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "STATE", "CONFIG", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        _make(patch, f"sqlite:///{folder / 'desk.db'}", folder)
    return folder / "desk.db"


def _make(patch: pytest.MonkeyPatch, url: str, folder: Path) -> None:
    patch.setenv("TZ", "UTC")
    time.tzset()
    patch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    kb = shutil.copytree(Path(__file__).parents[2] / "kb", folder / "kb")
    desk = open_desk(Settings(url, kb), StillClock())
    make(desk)
    desk.close()


@pytest.fixture
def bob(tmp_path: Path, hidden_file: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The shell of bob, an agent who may not see the confidential customer."""
    shell = Shell(tmp_path)
    monkeypatch.chdir(shell.folder)
    shell.login = "bob"
    shell.env["XDG_CACHE_HOME"] = str(hidden_file.parent / "cache")
    shutil.copy(hidden_file, shell.db)
    return shell


def _fresh(shell: Shell, file: Path) -> None:
    for name in (shell.db, Path(f"{shell.db}-wal"), Path(f"{shell.db}-shm")):
        name.unlink(missing_ok=True)
    shutil.copy(file, shell.db)


def _said(done: Done) -> str:
    return (done.stdout + done.stderr).decode()


def _markers(shell: Shell, line: Sequence[str]) -> list[str]:
    """Return what a command tells about hidden tickets, also in files that it writes."""
    before = set(shell.folder.rglob("*"))
    done = shell.run(*line, stdin='{"q": "takeover"}\n')
    assert "something went wrong" not in _said(done), (line, _said(done))
    written = [
        file.read_bytes().decode(errors="replace")
        for file in set(shell.folder.rglob("*")) - before
        if file.is_file()
        and ".cache" not in file.parts
        and file.suffix in ("", ".csv", ".json", ".jsonl", ".html", ".md", ".txt")
    ]
    return MARKER.findall("\n".join((_said(done), *written)))


@pytest.mark.parametrize(
    ("path", "lines"), _COMMANDS, ids=[" ".join(path) for path, _ in _COMMANDS]
)
def test_no_command_tells_anything_of_hidden_tickets(
    bob: Shell, hidden_file: Path, path: tuple[str, ...], lines: list[list[str]]
) -> None:
    told = {}
    for line in lines:
        _fresh(bob, hidden_file)
        told[" ".join(line)] = _markers(bob, [*path, *line])
    assert {line: found for line, found in told.items() if found} == {}


def test_the_markers_are_there_for_those_who_may_see_them(bob: Shell) -> None:
    bob.login = "ann"
    for line in ("ticket list", "export events --format json", "policy show", "kb stats"):
        assert _markers(bob, line.split()), line
    assert set(_markers(bob, ["ticket", "show", str(VISIBLE)])) & {str(HIDDEN + 1)}


_OF_TICKETS = [
    path for path, parser in _leaves(build_parser()) if _with_id(parser, 1) and path != ("import",)
]


@pytest.mark.parametrize("path", _OF_TICKETS, ids=[" ".join(path) for path in _OF_TICKETS])
def test_a_hidden_ticket_is_answered_like_a_missing_one(
    bob: Shell, hidden_file: Path, path: tuple[str, ...]
) -> None:
    parser = dict(_leaves(build_parser()))[path]
    answers = []
    for number in (HIDDEN, MISSING):
        _fresh(bob, hidden_file)
        done = bob.run(*path, *(_with_id(parser, number) or ()))
        answers.append((done.returncode, _said(done).replace(str(number), "N")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("line", "secret", "unknown"),
    [
        ('ticket list --query|customer:"@"', CUSTOMER, "Qyqcorp Haltung"),
        ('export tickets --query|customer:"@"', CUSTOMER, "Qyqcorp Haltung"),
        ("report time --customer|@", CUSTOMER, "Qyqcorp Haltung"),
        ("ticket list --query|requester:@", MAIL, "qyqanna@qyqcorp.example"),
        ("ticket list --query|tag:@", "zyxtag", "qyqtag"),
        ("ticket list --query|@", "zyxsubject", "qyqsubject"),
        ("ticket list --query|@", f"HD-{HIDDEN}", f"HD-{MISSING}"),
        (f"ticket link {VISIBLE} --to|@", str(HIDDEN), str(MISSING)),
        (f"ticket link {VISIBLE} --kind problem --remove --to|@", str(HIDDEN), str(MISSING)),
        (f"ticket link {VISIBLE} --kind parent --to|@", str(HIDDEN + 3), str(MISSING)),
        (f"ticket merge {VISIBLE} --into|@", str(HIDDEN), str(MISSING)),
        ("kb new made/it.md --from|@", str(HIDDEN), str(MISSING)),
    ],
)
def test_a_hidden_name_is_answered_like_an_unknown_one(
    bob: Shell, line: str, secret: str, unknown: str
) -> None:
    words, value = line.split("|")
    answers = []
    for name in (secret, unknown):
        done = bob.run(*words.split(), value.replace("@", name))
        answers.append((done.returncode, _said(done).replace(name, "N")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("secret", "unknown"),
    [
        (MAIL, "qyqanna@qyqcorp.example"),
        ("second@zyxcorp.example", "second@qyqcorp.example"),
        ("Zyxanna", "Qyqanna"),
        (SECOND, "Qyqanna Second"),
        (PHONE, "8800018"),
        ("77000190", "88000190"),
        (PERSON, "P-99"),
        ("P-3", "P-99"),
    ],
)
def test_a_hidden_person_is_answered_like_an_unknown_one(
    bob: Shell, secret: str, unknown: str
) -> None:
    for line in (
        "people find|@",
        "people find --json|@",
        "people show|@",
        "people set --note x --json|@",
        "people join --into p@fab.example|@",
        "people join p@fab.example --into|@",
        "people separate --json|@",
        "people erase --yes|@",
        'ticket list --query|requester:"@"',
        f"ticket set {PLAIN} --remove-requester|@",
    ):
        words, value = line.split("|")
        answers = []
        for name in (secret, unknown):
            done = bob.run(*words.split(), value.replace("@", name))
            answers.append((done.returncode, _said(done).replace(name, "N")))
        assert answers[0] == answers[1], line
    bob.login = "ann"
    assert PERSON in _said(bob.run("people", "find", secret))
    shown = bob.json("people", "show", secret)
    assert (shown["room"], shown["note"].split("\n")[0]) == ("zyxroom", "zyxnote")


def test_a_hidden_customer_has_no_note_for_others(bob: Shell) -> None:
    answers = []
    for name in (CUSTOMER, "Qyqcorp Haltung"):
        done = bob.run("customer", "set", name, "--note", "x")
        answers.append((done.returncode, _said(done).replace(name, "N")))
    assert answers[0] == answers[1]
    assert "zyx" not in _said(bob.run("customer", "list")).lower()
    bob.login = "ann"
    assert "zyxnote" in _said(bob.run("customer", "list"))


def test_a_query_of_the_customer_is_refused_without_naming_them(bob: Shell) -> None:
    for more in (
        ["--requester", MAIL],
        ["--requester", "new@zyxcorp.example"],
        ["--requester", MAIL, "--customer", "Fab"],
    ):
        done = bob.run("ticket", "new", "-s", "call", *more)
        assert done.returncode == 4
        assert not re.search(r"Zyxcorp Holding|\bann\b|\bcid\b", _said(done))
    assert '"call"' not in _said(bob.run("ticket", "list", "--json"))
    done = bob.run("ticket", "set", str(PLAIN), "--requester", MAIL)
    assert done.returncode == 4
    assert "confidential to other agents" in _said(done)


def test_the_policy_keeps_its_other_lines_and_their_numbers(bob: Shell) -> None:
    shown = bob.run("policy", "show").stdout.decode()
    assert '"cid"' not in shown
    bob.login = "ann"
    whole = bob.run("policy", "show").stdout.decode()
    assert CUSTOMER in whole
    pairs = list(zip(shown.splitlines(), whole.splitlines(), strict=True))
    left_out = [other for one, other in pairs if one != other]
    assert any(CUSTOMER in line for line in left_out)
    assert len(left_out) < 10
    assert "[sla.Special]" in shown


def test_on_postgresql(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue("postgres").url
    (tmp_path / "made").mkdir()
    _make(monkeypatch, url, tmp_path / "made")
    shell = Shell(tmp_path)
    shell.login = "bob"
    shell.env["HELPDESK_DATABASE_URL"] = url
    reading = [
        ("ticket", "list"), ("ticket", "show", str(VISIBLE)), ("ticket", "show", str(BASE + 4)),
        ("ticket", "show", str(BASE + 6)), ("ticket", "show", str(MOVED)), ("inbox", "--all"),
        ("search", "takeover"), ("kb", "list"), ("kb", "stats"), ("policy", "show"), ("levels",),
        ("report", "kpi", "--by", "customer"), ("report", "time"), ("export", "tickets"),
        ("people", "list"), ("people", "find", "anna"), ("people", "find", PHONE[:-1]),
        ("customer", "list"), ("export", "events"), ("ticket", "note", str(VISIBLE), "--text", "x"),
        ("ticket", "undo", str(VISIBLE)), ("ticket", "escalate", str(PLAIN), "--to", "L2",
        "--reason", "r", "--note", "n"),
    ]  # fmt: skip
    told = {line: _markers(shell, [*line, "--json"]) for line in reading}
    assert {line: found for line, found in told.items() if found} == {}
    for number in (HIDDEN, MISSING):
        said = shell.refused(1, "ticket", "show", str(number))
        assert said.endswith(f"there is no ticket HD-{number} on this desk.\n")
