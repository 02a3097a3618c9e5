"""What the fences around an SSH client's process hold if a command has a hole.

Each attempt is made by a command that runs whatever code it is sent, with both fences, with the
audit hook alone, with Landlock alone, and with neither, where it must get through.
"""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.ssh import landlock
from tests.ssh.fenced_host import FencedHost

needs_landlock = pytest.mark.skipif(
    not landlock.abi(),
    reason="this kernel has no Landlock (CONFIG_SECURITY_LANDLOCK, lsm=landlock)",
)
LIBC = "import ctypes, os; c = ctypes.CDLL(None)\n"

#: By name: the code, and which fences hold it by themselves: the hook, Landlock, or both.
ATTEMPTS = {
    "read a file of the host": ("open('/etc/group').read()", "both"),
    "read the user database": ("open('/etc/passwd').read()", "both"),
    "list a folder of the host": ("import os; os.listdir('/etc')", "both"),
    "read a private key": ("open('{home}/.ssh/id_ed25519').read()", "both"),
    "read what the host allows": ("open('{home}/.config/helpdesk/door.toml').read()", "both"),
    "read another file of the home": ("open('{home}/other').read()", "both"),
    "read another agent's draft": ("open('{state}/drafts/bob/log.json').read()", "both"),
    "read a file in the drop folder": ("open('{home}/drop/file').read()", "both"),
    "read through a link in the knowledge base": ("open('{home}/kb/link').read()", "both"),
    "add a key": ("open('{home}/.ssh/authorized_keys', 'a')", "both"),
    "replace the keys": (
        ("import os; open('{home}/data/desk.db-gate'); "
        "os.rename('{home}/data/desk.db-gate', '{home}/.ssh/authorized_keys')"),
        "both",
    ),
    "change an article": ("open('{home}/kb/vpn/keepalive.md', 'a')", "both"),
    "write to the drop folder": ("open('{home}/drop/new', 'w')", "both"),
    "write through a link in the drop folder": ("open('{home}/drop/link', 'a')", "both"),
    "write a file of the host": ("open('{outside}/new', 'w')", "both"),
    "change the program": ("import helpdesk; open(helpdesk.__file__, 'a')", "both"),
    "make a folder": ("import os; os.mkdir('{outside}/folder')", "both"),
    "make a link": ("import os; os.symlink('/etc', '{home}/data/link')", "both"),
    "open a database elsewhere": (
        "import sqlite3; sqlite3.connect('{outside}/x.db').execute('pragma user_version = 1')",
        "both",
    ),
    "attach a database elsewhere": (
        ("import sqlite3; c = sqlite3.connect('{home}/data/desk.db'); "
        "c.execute(\"attach '{outside}/attached.db' as x\").execute('pragma x.user_version = 1')"),
        "landlock",
    ),
    "read by the C library": (
        LIBC + "assert c.open(b'/etc/group', 0) >= 0, 'it cannot be opened'",
        "landlock",
    ),
    "write by the C library": (
        LIBC + "assert c.open(b'{home}/.ssh/authorized_keys', 1) >= 0, 'it cannot be opened'",
        "landlock",
    ),
    "read another process": (
        "import os; open(f'/proc/{{os.getppid()}}/mem', 'rb')",
        "both",
    ),
    "read this process's first environment": ("open('/proc/self/environ').read()", "hook"),
    "write to this process's memory": ("open('/proc/self/mem', 'r+b', 0)", "both"),
    "write to another terminal": ("open('{terminal}', 'w')", "both"),
    "connect to a port": (
        "import socket; socket.create_connection(('127.0.0.1', {port})).close()",
        "both",
    ),
    "connect to a port by the C library": (
        LIBC + "import socket, struct; s = socket.socket()\n"
        "a = struct.pack('=HH4s8x', 2, socket.htons({port}), bytes([127, 0, 0, 1]))\n"
        "assert c.connect(s.fileno(), a, 16) == 0, 'no connection'",
        "landlock",
    ),
    "signal another process": ("import os; os.kill(os.getppid(), 0)", "landlock"),
    "run a line of shell": ("import os; assert os.system('true') == 0, 'no shell'", "both"),
    "run a program": ("import subprocess; subprocess.run(['/bin/true'], check=True)", "both"),
    "run git, which this command does not need": (
        "import subprocess; subprocess.run(['git', '--version'], check=True, capture_output=True)",
        "both",
    ),
    "run a copied program": (
        "import subprocess; subprocess.run(['{home}/data/git'], check=True)",
        "both",
    ),
    "run a line of shell by the C library": (
        LIBC + "assert c.system(b'true') == 0, 'no shell'",
        "landlock",
    ),
    "load a library": ("import ctypes; ctypes.CDLL('{outside}/lib.so')", "both"),
    "become a program": ("import os; os.execv('/bin/echo', ['x', '[\"become a program\", \"\"]'])",
                         "both"),
}  # fmt: skip


@pytest.fixture
def host(tmp_path: Path) -> FencedHost:
    """A host with things to get at."""
    root = tmp_path
    host = FencedHost(root)
    (root / "outside").mkdir()
    state = host.home / ".local" / "state" / "helpdesk"
    (state / "drafts" / "bob").mkdir(parents=True)
    for file in (
        *(host.home / "other", host.drop / "file", state / "drafts" / "bob" / "log.json"),
        *(host.ssh_folder / "id_ed25519", host.ssh_folder / "authorized_keys"),
    ):
        file.write_text("secret\n")
    (host.kb / "link").symlink_to(host.home / "other")
    (host.drop / "link").symlink_to(host.ssh_folder / "authorized_keys")
    copied = host.db.with_name("git")
    copied.write_bytes(Path("/bin/true").read_bytes())
    copied.chmod(0o755)
    library = next(Path("/").glob("lib*/**/libm.so.6"))
    (root / "outside" / "lib.so").write_bytes(library.read_bytes())
    return host


@pytest.fixture
def attempts(host: FencedHost) -> Iterator[dict[str, str]]:
    """The code of each attempt."""
    other, terminal = os.openpty()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        places = {
            "home": host.home,
            "state": host.home / ".local" / "state" / "helpdesk",
            "outside": host.home.parent / "outside",
            "terminal": os.ttyname(terminal),
            "port": listener.getsockname()[1],
        }
        yield {name: code.format_map(places) for name, (code, _) in ATTEMPTS.items()}
    os.close(other)
    os.close(terminal)


def held_by(fence: str) -> set[str]:
    """Return the attempts that a fence holds by itself."""
    return {name for name, (_, by) in ATTEMPTS.items() if by in (fence, "both")}


@needs_landlock
def test_both_fences_hold_every_attempt(host: FencedHost, attempts: dict[str, str]) -> None:
    found = host.through(attempts)
    assert found.keys() == attempts.keys()
    assert [name for name, held in found.items() if not held] == []
    assert (host.ssh_folder / "authorized_keys").read_text() == "secret\n"
    assert [file.name for file in (host.home.parent / "outside").iterdir()] == ["lib.so"]


def test_the_audit_hook_alone_holds_what_python_itself_does(
    host: FencedHost, attempts: dict[str, str]
) -> None:
    found = host.through(attempts, ["landlock"])
    assert {name for name, held in found.items() if held} == held_by("hook")
    sentence = found["read a file of the host"]
    assert sentence.startswith("FencedError: /etc/group was not opened, because over SSH")


@needs_landlock
def test_landlock_alone_holds_what_any_code_does(
    host: FencedHost, attempts: dict[str, str]
) -> None:
    found = host.through(attempts, ["hook"])
    assert {name for name, held in found.items() if held} == held_by("landlock")


def test_without_fences_every_attempt_gets_through(
    host: FencedHost, attempts: dict[str, str]
) -> None:
    found = host.through(attempts, ["hook", "landlock"])
    assert {name: held for name, held in found.items() if held} == {}
    assert found.keys() == attempts.keys()


def test_what_the_hook_refuses_is_one_sentence_and_is_recorded(host: FencedHost) -> None:
    done = host.forced("inbox", "open('/etc/shadow')", hole="bare")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "helpdesk: /etc/shadow was not opened, because over SSH this command reads nothing there: "
        "tell the host's administrator.\n"
    )
    (record,) = host.json("report", "audit", "--refused", "--limit", "1")
    assert record["login"] == "ann"
    assert "/etc/shadow was not opened" in record["what"]["refused"]
    assert record["what"]["refused"].endswith("Asked for: inbox")
