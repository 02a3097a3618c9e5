"""Which commands an SSH client may run; tests with a real sshd are in ``tests/ssh``."""

import ast
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from helpdesk.cli import commands as command_modules
from helpdesk.cli.arguments import Commands, File, Parser
from helpdesk.cli.files import read_bytes
from helpdesk.cli.parser import build_parser
from helpdesk.cli.ssh.confinement import AuditHook
from helpdesk.cli.ssh.environment import scrubbed
from helpdesk.cli.ssh.request import CLOSED, OPEN
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.ssh.fence import Fence
from helpdesk.ssh.landlock import Ruleset
from helpdesk.ssh.request_limits import RequestLimits
from tests.cli.shell import Done, Shell, refusal

NOT_A_COMMAND = "is no command of the help desk"
HOST_ONLY = "is for the account itself"
HOST_FILE = "would be a file of the host"
COMMANDS = Path(command_modules.__path__[0])


class Ask(Protocol):
    """Runs a command over SSH, with a text on standard input."""

    def __call__(self, command: str, stdin: str = "") -> Done: ...


@pytest.fixture
def ask(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Run a command over SSH as the desk's owner, so that no missing right hides a hole."""
    # What cannot be taken back again from the process that runs the tests.
    monkeypatch.setattr("helpdesk.cli.ssh.confinement.confine", lambda *_: None)
    monkeypatch.setattr(RequestLimits, "limit_memory_and_files", lambda *_: None)
    monkeypatch.setattr(RequestLimits, "limit_processor_time", lambda *_: None)
    shell.run("ticket", "new", "-s", "one")
    options = ("--db", str(shell.db), "--kb", str(shell.kb), "--home", str(shell.folder))

    def asked(command: str, stdin: str = "") -> Done:
        shell.env["SSH_ORIGINAL_COMMAND"] = command
        return shell.run("door", *options, "--as", shell.login, stdin=stdin)

    yield asked
    shell.env.pop("SSH_ORIGINAL_COMMAND", None)


@pytest.mark.parametrize(
    ("command", "because"),
    [
        ("bash", NOT_A_COMMAND),
        ("bash -i", NOT_A_COMMAND),
        ("/bin/sh -c id", NOT_A_COMMAND),
        ("python3 -c 'import os; os.system(\"id\")'", NOT_A_COMMAND),
        ("cat /etc/passwd", NOT_A_COMMAND),
        ("scp -t /tmp", NOT_A_COMMAND),
        ("scp -f /etc/passwd", NOT_A_COMMAND),
        ("rsync --server --sender . /etc/", NOT_A_COMMAND),
        ("git-upload-pack kb", NOT_A_COMMAND),
        ("internal-sftp", NOT_A_COMMAND),
        ("/usr/lib/openssh/sftp-server", NOT_A_COMMAND),
        ("; id", NOT_A_COMMAND),
        ("$(id)", NOT_A_COMMAND),
        ("`id`", NOT_A_COMMAND),
        ("|id", NOT_A_COMMAND),
        ("&& id", NOT_A_COMMAND),
        ("exec bash", NOT_A_COMMAND),
        ("\nid", NOT_A_COMMAND),
        ("helpdesk helpdesk", NOT_A_COMMAND),
        ("door --as bob", HOST_ONLY),
        ("helpdesk door --as bob", HOST_ONLY),
        ("demo", HOST_ONLY),
        ("db backup /tmp/x.db", HOST_ONLY),
        ("db status", HOST_ONLY),
        ("doctor", HOST_ONLY),
        ("agent key authorized", HOST_ONLY),
        ("--db /tmp/x.db ticket list", "--db cannot be named over SSH"),
        ("ticket list --db=/tmp/x.db", "--db cannot be named over SSH"),
        ("ticket list --kb /etc", "--kb cannot be named over SSH"),
        ("--as root ticket list", "--as cannot be named over SSH"),
        ("ticket list --as root", "--as cannot be named over SSH"),
        ("policy check /etc/passwd", HOST_FILE),
        ("policy apply ../../x.toml", HOST_FILE),
        ("sla simulate /etc/shadow", HOST_FILE),
        ("search --batch /etc/passwd", HOST_FILE),
        ("agent key add ann /etc/ssh/ssh_host_rsa_key", HOST_FILE),
        ("report kpi -o /tmp/report.html", HOST_FILE),
        ("report audit --check-anchors /etc/passwd", HOST_FILE),
        ("import /etc/passwd --map zammad", HOST_FILE),
        ("import - --map /etc/x.toml", HOST_FILE),
        ("macro check /etc/passwd", HOST_FILE),
        ("macro apply /dev/zero", HOST_FILE),
        ("macro apply --shared x.toml", HOST_FILE),
    ],
)
def test_a_command_that_is_not_allowed_over_ssh_is_refused(
    ask: Ask, command: str, because: str
) -> None:
    assert because in refusal(ask(command), 4)


@pytest.mark.parametrize(
    ("command", "code", "because"),
    [
        ("ticket 'list", 1, "a quote that is not closed"),
        ("kb show ../../../../etc/passwd", 1, "there is no article"),
        ("kb show /etc/passwd", 1, "there is no article"),
        ("kb new ../x.md", 1, "x.md"),
        ("kb new .git/hooks/post-commit", 1, "post-commit"),
        ("ticket new -s x; id", 2, "unrecognized arguments"),
        ("ticket show '$(id)'", 1, "$(id)"),
        ("agent add -- -oProxyCommand=id --level L1", 2, ""),
        ("agent add '-oProxyCommand=id' --level L1", 2, ""),
        ("agent add 'a;id' --level L1", 1, "is no login"),
        ("agent add '$(id)' --level L1", 1, "is no login"),
    ],
)
def test_shell_syntax_is_not_interpreted(ask: Ask, command: str, code: int, because: str) -> None:
    said = refusal(ask(command), code)
    assert because in said
    assert "uid=" not in said
    assert "root:" not in said


def test_commands_of_the_help_desk_run(ask: Ask) -> None:
    assert b"HD-1" in ask("ticket list --json").stdout
    assert b"HD-1" in ask("helpdesk ticket show 1").stdout
    assert b"usage: helpdesk ticket" in ask("ticket --help").stdout
    assert b"terminal" in ask("").stderr


@pytest.mark.parametrize("verb", ["check -", "show -", "preview -", "apply -", "check drop.toml"])
@pytest.mark.parametrize("name", ["secret", "./secret", "{folder}/secret", "~/secret", "/dev/zero"])
def test_a_policy_over_ssh_names_no_file_of_the_host(
    ask: Ask, shell: Shell, verb: str, name: str
) -> None:
    (shell.folder / "secret").write_text("xyzzy: the key\n")
    calendar = f'[calendars.x]\nhours = "24/7"\nholiday_files = ["{name}"]\n'
    text = f"{starter_text()}\n{calendar.format(folder=shell.folder)}"
    drop = shell.folder / "drop"
    drop.mkdir()
    (drop / "drop.toml").write_text(text)
    rules = shell.folder / ".config" / "helpdesk" / "door.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text(f'drop_folder = "{drop}"\n')
    done = ask(f"policy {verb}", text)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert b"can name no files of the host" in said
    assert b"xyzzy" not in said


def test_every_command_is_open_or_closed() -> None:
    names = {name for name, _ in commands()}
    assert names - OPEN - CLOSED == set()
    assert not OPEN & CLOSED


#: What an argument takes that names no file, as the help writes it.  A new one is added here only
#: if it names no file; an argument that does has the type ``File``.
NAMES_NO_FILE = {
    *("7d", "2026-10", "1h 30m", "TIME|2h|3d", "DAY", "+vip,-x", "x,y", "id,subject,…"),
    *("C", "N", "Q", "R", "S", "ID", "LOGIN", "MAIL", "NAME", "TITLE", "SUBJECT", "QUERY"),
    *("TEXT", "TEXT|-", "WORDS", "PAGE", "FINGERPRINT"),
    *(
        "CODE",
        "PERSON",
        "CUSTOMER",
        "ADDRESS",
        "NUMBER",
        "ROOM",
        "DEVICE",
        "NAME|PHONE|MAIL",
        "RECORD",
    ),
    *("URL", "DIR"),  # of --db and --kb, which are refused as a whole
}


def test_every_argument_that_names_a_file_has_a_type_that_is_checked() -> None:
    unknown = {
        f"{name}: {action.dest} {action.metavar}"
        for name, action in open_arguments()
        if action.nargs != 0
        and not action.choices
        and action.type in (None, str)
        and action.metavar not in NAMES_NO_FILE
    }
    assert unknown == set()
    assert {
        f"{name} {action.dest}" for name, action in open_arguments() if action.type is File
    } == {
        *("macro file", "policy file", "sla file", "import file", "agent file"),
        *("search batch", "report output", "report check_anchors", "export output"),
    }


def test_no_command_opens_a_file_past_the_check() -> None:
    """Commands that are open over SSH read and write by ``helpdesk.cli.files`` only."""
    handlers = {parser.get_default("handler") for _, parser in open_commands()} - {None}
    modules = {handler.partition(":")[0] for handler in handlers}
    assert modules >= {"macro", "policy", "exchange", "search", "agent_key"}
    past = [
        f"{module}: {ast.unparse(node)}"
        for module in sorted(modules)
        for node in ast.walk(ast.parse((COMMANDS / f"{module}.py").read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import | ast.ImportFrom) and opens_files(node))
        or (isinstance(node, ast.Name) and node.id == "open")
        or (
            isinstance(node, ast.Attribute)
            and ast.unparse(node) in ("sys.stdin", "os.open", "io.open")
        )
    ]
    assert past == []


def test_an_argument_without_the_type_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="must have the type File"):
        read_bytes(str(tmp_path / "any"), 10)  # type: ignore[arg-type]


def opens_files(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether a module is imported that opens files by their name."""
    names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module}
    return bool(names & {"pathlib", "codecs"})


def open_commands() -> Iterator[tuple[str, Any]]:
    """Yield each parser of a command that is open over SSH, with the name of its group."""
    for name, parser in commands():
        if name in OPEN:
            yield from ((name, each) for each in parsers(parser))


def open_arguments() -> Iterator[tuple[str, Any]]:
    """Yield each argument of the commands that are open over SSH, with the name of its group."""
    for name, parser in open_commands():
        for action in parser._actions:
            if not isinstance(action.choices, dict):
                yield name, action


def commands() -> Iterator[tuple[str, Any]]:
    """Yield the name and the parser of each command."""
    for action in build_parser()._actions:
        if isinstance(action.choices, dict):
            yield from action.choices.items()


def parsers(parser: Parser) -> Iterator[Parser]:
    """Yield the parser of a command and of its sub-commands, which are added when it is parsed."""
    if parser.fill is not None:
        parser.fill(Commands(parser))
    yield parser
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                yield from parsers(command)


def test_only_harmless_environment_variables_are_kept() -> None:
    given = {
        "TERM": "xterm-256color", "LANG": "de_DE.UTF-8", "NO_COLOR": "1", "TZ": "Europe/Berlin",
        "SSH_CONNECTION": "192.0.2.1 5022 192.0.2.2 22", "LD_PRELOAD": "/tmp/x.so",
        "PYTHONPATH": "/tmp", "TEXTUAL_LOG": "/tmp/x", "EDITOR": "sh", "PAGER": "sh",
        "HELPDESK_KB": "/etc", "XDG_STATE_HOME": "/tmp", "HOME": "/tmp", "PATH": "/tmp",
        "BASH_ENV": "/tmp/x", "TERMINFO": "/tmp", "COLUMNS": "80",
    }  # fmt: skip
    kept = scrubbed(given, "/srv/helpdesk")
    assert set(kept) == {
        *("TERM", "LANG", "NO_COLOR", "TZ", "SSH_CONNECTION"),
        *("PATH", "HOME", "USER", "LOGNAME"),
    }
    assert (kept["HOME"], kept["PATH"]) == ("/srv/helpdesk", "/usr/local/bin:/usr/bin:/bin")
    odd = {"TERM": "../../x", "LANG": "/tmp/x", "TZ": ":/etc/passwd", "SSH_TTY": "/etc/passwd"}
    assert not set(scrubbed(odd)) & set(odd)


def test_a_confined_process_starts_nothing_and_writes_nothing_elsewhere(tmp_path: Path) -> None:
    hook = AuditHook(
        Fence(
            program=(tmp_path / "program",),
            reads=(tmp_path / "articles",),
            writes=(tmp_path / "own",),
            names=re.compile(re.escape(f"{tmp_path.resolve()}/desk.db") + "(-wal)?"),
            programs=(Path("/usr/bin/git"),),
            terminal="/dev/pts/7",
            rules=Ruleset(),
            program_rules={},
        )
    )
    write, read = 0o101, 0
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "link").symlink_to("/etc")
    elsewhere = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    within = os.open(tmp_path / "own", os.O_RDONLY | os.O_DIRECTORY)
    allowed: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("open", (str(tmp_path / "own" / "a"), "w", write)),
        ("open", (b"/proc/self/mountinfo", "r", read)),
        ("open", (str(tmp_path / "program" / "a.py"), "r", read)),
        ("open", (str(tmp_path / "articles" / "a.md"), "r", read)),
        ("os.scandir", (str(tmp_path / "articles"),)),
        ("sqlite3.connect", (str(tmp_path / "desk.db"),)),
        ("open", (str(tmp_path / "desk.db-wal"), "w", write)),
        ("os.mkdir", (str(tmp_path), 0o700, -1)),
        ("open", (7, "w", write)),
        ("open", ("/dev/tty", "w", write)),
        ("open", ("/dev/pts/7", "w", write)),
        ("open", ("/proc/self/fd/1", "w", write)),
        ("open", (f"/proc/self/fd/{within}/a", "w", write)),
        ("subprocess.Popen", ("git", ["git"], None, None)),
        ("subprocess.Popen", ("/usr/bin/git", ["git"], None, None)),
        ("os.fork", ()),
        ("import", ("os",)),
        ("os.rename", (str(tmp_path / "own" / "a"), str(tmp_path / "own" / "b"), -1, -1)),
        ("os.remove", ("a", within)),
    )
    for event, given in allowed:
        hook(event, given)
    refused: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("open", ("/tmp/x", "w", write)),
        ("open", (b"/etc/passwd", "r", read)),
        ("open", ("/proc/self/environ", "r", read)),
        ("open", (str(tmp_path / "program" / ".." / "x"), "r", read)),
        ("open", (str(tmp_path / "program" / "a.py"), "w", write)),
        ("open", (str(tmp_path / "articles" / "a.md"), "w", write)),
        ("open", (str(tmp_path / "own" / "link" / "passwd"), "r", read)),
        ("open", (str(tmp_path / "own" / ".git" / "config"), "w", write)),
        ("open", (str(tmp_path / "desk.db-other"), "w", write)),
        ("open", ("/dev/pts/8", "w", write)),
        ("os.scandir", ("/etc",)),
        ("sqlite3.connect", ("/tmp/x.db",)),
        ("sqlite3.load_extension", (None, "/tmp/x.so")),
        ("ctypes.dlopen", ("/tmp/x.so",)),
        ("socket.connect", (None, ("127.0.0.1", 22))),
        ("os.mkdir", (str(tmp_path / "new"), 0o700, -1)),
        ("os.remove", ("a", elsewhere)),
        ("open", (str(tmp_path / "own" / ".." / "x"), "a", write)),
        ("open", (str(tmp_path / "own" / "link" / "x"), "w", write)),
        ("open", (f"{tmp_path / 'own'}er/x", "w", write)),
        ("open", (f"/proc/self/fd/{elsewhere}/x", "w", write)),
        ("subprocess.Popen", ("/bin/sh", ["sh"], None, None)),
        ("subprocess.Popen", ("/tmp/git", ["git"], None, None)),
        ("os.system", (b"git",)),
        ("os.exec", ("/bin/sh", ["sh"], None)),
        ("os.posix_spawn", ("/bin/sh", ["sh"], {})),
        ("pty.spawn", (["sh"],)),
        ("os.rename", (str(tmp_path / "own" / "a"), "/etc/b", -1, -1)),
        ("os.symlink", ("/etc", "/tmp/x", -1)),
    )
    for event, given in refused:
        with pytest.raises(PermissionError):
            hook(event, given)
    os.close(elsewhere)
    os.close(within)


@pytest.fixture
def drop(shell: Shell) -> Path:
    """The drop folder of a host, beside an ``authorized_keys`` file to get at."""
    folder = shell.folder / "drop"
    folder.mkdir(mode=0o700)
    door = shell.folder / ".config" / "helpdesk" / "door.toml"
    door.parent.mkdir(parents=True)
    door.write_text(f'drop_folder = "{folder}"\n')
    (shell.folder / "authorized_keys").write_text("mine\n")
    return folder


@pytest.mark.parametrize(
    "name",
    ["out.csv", "out.csv.part", "out.csv.part.at", "out.csv.part.at.new"],
)
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_an_export_is_never_written_through_a_link_in_the_drop_folder(
    shell: Shell, ask: Ask, drop: Path, name: str, link: Callable[[Path, Path], None]
) -> None:
    keys = shell.folder / "authorized_keys"
    link(keys, drop / name)
    done = ask("export tickets --format csv -o out.csv")
    assert keys.read_text() == "mine\n"
    if done.returncode:
        assert "link" in refusal(done, done.returncode)
    else:
        assert (drop / "out.csv").read_text().startswith("id,subject,")


def test_a_confined_process_writes_an_export_to_the_drop_folder(
    shell: Shell, ask: Ask, drop: Path
) -> None:
    ask("ticket list")
    shell.env["SSH_ORIGINAL_COMMAND"] = "export tickets --format csv -o out.csv"
    options = ("--db", str(shell.db), "--kb", str(shell.kb), "--home", str(shell.folder))
    done = shell.process("door", *options, "--as", shell.login)
    assert done.returncode == 0, done.stderr
    assert (drop / "out.csv").read_text().startswith("id,subject,")
    assert [file.name for file in drop.iterdir()] == ["out.csv"]


def test_a_drop_folder_that_others_may_write_to_is_not_used(ask: Ask, drop: Path) -> None:
    for place in (drop, drop.parent):
        before = place.stat().st_mode
        for bits in (0o770, 0o707):
            place.chmod(bits)
            said = refusal(ask("export tickets --format csv -o out.csv"), 1)
            assert f"may write to {place}" in said
        place.chmod(before)
    assert list(drop.iterdir()) == []
    assert ask("export tickets --format csv -o out.csv").returncode == 0
