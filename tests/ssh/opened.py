"""What the forced command opened, changed and started: by command, which kinds of things.

``python -m tests.ssh.opened`` runs every command and writes the list ``opened.txt``.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from helpdesk.desk.policy.files import starter_text
from helpdesk.ssh.needs import Need
from tests.exchange.samples import write_samples
from tests.pty.terminal import CTRL_S, ENTER, ESCAPE, Terminal
from tests.ssh.commands import every_command, lines
from tests.ssh.fenced_host import FencedHost

LIST = Path(__file__).with_name("opened.txt")
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000
_CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate", "os.chmod")
_DATABASE = re.compile(r"desk\.db(-(wal|shm|journal|gate))?")
_INDEX = re.compile(r"desk\.db-search-[0-9a-f]{8}(-\w+)?")
#: By need: the kinds of things of which a command that has it must open or change at least one.
USES = {
    Need.READ_DROP: {"read drop folder"},
    Need.WRITE_DROP: {"write drop folder"},
    Need.ARTICLES: {"write articles", "start git"},
    Need.DRAFTS: {"write drafts", "read keys.toml"},
    Need.EDITOR: {"write editing", "start editor"},
    Need.KEYS: {"write .ssh", "read .ssh"},
    Need.ANCHORS: {"write anchors"},
}
#: What may also be opened for each of these needs, and is so for others.
ALSO = {
    Need.KEYS: {"read door.toml"},
    Need.ANCHORS: {"read door.toml"},
    Need.EDITOR: {"read door.toml", "read editing"},
    Need.WRITE_DROP: {"read drop folder"},
    Need.DRAFTS: {"read drafts"},
}
#: What every command may open and change.
ALWAYS = frozenset(
    {
        *("read program", "read time zones", "read articles", "read kernel", "read device"),
        *("write database", "write index", "write error log", "write temporary", "write device"),
        *("read database", "read index", "read known desks", "write known desks"),
    }
)


F4 = "\x1bOS"
#: What depends on the host, and is left out of the list.
UNLISTED = frozenset(
    {"read program", "read time zones", "read kernel", "read device", "write device"}
)
APP = "the app"


class OpenedHost(FencedHost):
    """A host on which each command finds what it can work with.

    :ivar key: the fingerprint of bob's key.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.write_host_file(
            anchors=str(self.home / "anchors"), editor=["/bin/sed", "-i", "-e", "s/VPN/Tunnel/"]
        )
        (self.config / "keys.toml").write_text('[keys]\nnext = "j"\n')
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
            identity = ["-c", "user.name=x", "-c", "user.email=x@x"]
            subprocess.run(["git", *identity, *arguments], cwd=self.kb, check=True)
        for command in (
            "agent add bob --level L1",
            "ticket new -s two",
            "view save mine state:open",
        ):
            assert self.process(*command.split()).returncode == 0
        self._fill_drop_folder()
        self.done("agent", "key", "add", "bob", str(self.drop / "other.pub"))
        (key,) = self.json("agent", "key", "list", "bob")
        self.key = key["fingerprint"]

    def _fill_drop_folder(self) -> None:
        (self.drop / "policy.toml").write_text(starter_text())
        (self.drop / "macros.toml").write_text('[reply.mine]\ntext = "hello"\n')
        shutil.copy(Path(__file__).parents[1] / "data" / "sla_cases.json", self.drop / "case.json")
        (self.drop / "queries.jsonl").write_text('{"q": "vpn"}\n')
        (self.drop / "anchors.txt").write_text("")
        shutil.copy(write_samples(self.home.parent)["freshdesk"], self.drop / "tickets.csv")
        for name in ("key.pub", "other.pub"):
            public = Ed25519PrivateKey.generate().public_key()
            text = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
            (self.drop / name).write_text(f"{text} {name}\n")


class Kinds:
    """Tells what kind of thing a path of a host is."""

    def __init__(self, host: FencedHost) -> None:
        state = host.home / ".local" / "state" / "helpdesk"
        self._beside = host.db.parent
        self._places = {
            "articles": host.kb,
            "drop folder": host.drop,
            "drafts": state / "drafts" / "ann",
            "editing": state / "editing",
            "known desks": state / "desks",
            "error log": state / "errors.log",
            "temporary": host.home / ".cache" / "helpdesk" / "tmp",
            ".ssh": host.ssh_folder,
            "door.toml": host.config / "door.toml",
            "keys.toml": host.config / "keys.toml",
            "anchors": host.home / "anchors",
            "kernel": Path("/proc"),
            "device": Path("/dev"),
            "time zones": Path("/usr/share/zoneinfo"),
        }
        root = Path(__file__).resolve().parents[2]
        self._program = tuple(
            {*(str(root / name) for name in ("helpdesk", "kb", "migrations")), *sys.path,
             sys.prefix, sys.base_prefix, "/usr/share/locale"} - {"", str(root)}
        )  # fmt: skip

    def kind(self, path: Path) -> str:
        """Return the kind of a path, or the path itself if it is of none."""
        for name, place in self._places.items():
            if path.is_relative_to(place):
                return name
        if path.parent == self._beside and _DATABASE.fullmatch(path.name):
            return "database"
        if path.parent == self._beside and _INDEX.fullmatch(path.name):
            return "index"
        if path == self._beside:
            return "database"
        if str(path).startswith(self._program) or path.name in ("localtime", "timezone"):
            return "program"
        return str(path)


def kinds_of(host: FencedHost, lines: Iterable[str]) -> set[str]:
    """Return what was done to which kind of thing, such as ``write database``."""
    kinds = Kinds(host)
    found = set()
    folders: dict[str, Path] = {}
    for line in lines:
        event, arguments = json.loads(line)
        for verb, path in _uses(event, arguments):
            text = path
            if text.startswith("/proc/self/fd/"):
                number, _, rest = text.removeprefix("/proc/self/fd/").partition("/")
                if not rest:
                    continue
                # The only folder that is used by its descriptor.
                text = str(folders.setdefault(number, host.drop) / rest)
            if verb != "start" and not text.startswith("/"):
                continue  # in a temporary folder that is removed by its descriptor
            found.add(f"{verb} {text if verb == 'start' else kinds.kind(Path(text))}")
    return found


def _uses(event: str, arguments: list[Any]) -> Iterator[tuple[str, str]]:
    first = arguments[0] if arguments else None
    if event == "open" and isinstance(first, str):
        yield ("write" if arguments[2] & _WRITES else "read"), first
    elif event in ("os.listdir", "os.scandir") and isinstance(first, str):
        yield "read", first
    elif event in _CHANGES:
        for path in arguments[:2]:
            if isinstance(path, str):
                yield "write", path
    elif event == "sqlite3.connect":
        yield "write", str(first)
    elif event == "subprocess.Popen":
        name = Path(str(first)).name
        yield "start", "editor" if name == "sed" else name
    elif event in ("os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn"):
        yield "start", str(first)


def allowed(need: Need) -> set[str]:
    """Return what a command with these needs may do."""
    more = {kind for one in need for kind in USES.get(one, set()) | ALSO.get(one, set())}
    return {*ALWAYS, *more}


def unused(need: Need, seen: set[str]) -> list[str]:
    """Return the needs of which nothing was used."""
    return [str(one.name) for one in need if not USES.get(one, set()) <= seen]


def used_by(host: OpenedHost, command: str) -> set[str]:
    """Run a command over SSH; return what it did to which kinds of things.

    It must not be refused by the fences, nor fail if it has needs of its own.
    """
    used: set[str] = set()
    for line in lines(command):
        record = host.home.parent / "record"
        record.write_text("")
        done = host.forced(line.format(key=host.key), record=str(record))
        assert done.returncode in (0, 1, 3), f"{line}: {done.stderr}"
        assert "not committed" not in done.stderr, f"{line}: {done.stderr}"
        assert "over SSH" not in done.stderr, f"{line}: {done.stderr}"
        assert "something went wrong" not in done.stderr, f"{line}: {done.stderr}"
        used |= kinds_of(host, record.read_text().splitlines())
    return used


def used_by_app(host: OpenedHost) -> set[str]:
    """Use the app over SSH: leave a draft, edit an article in both editors, save it."""
    record = host.home.parent / "record"
    record.write_text("")
    env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    program, *words = host.words(record=str(record))
    app = Terminal(*words, env=env, module=None, program=program)
    app.wait_for("HD-2")
    app.type("n")
    app.wait_for("ubject")
    app.type("a draft")
    app.wait_for("a draft")
    app.type(ESCAPE)
    app.wait_for(lambda text: "a draft" not in text)
    app.read(1)  # a key that comes before the form has closed is dropped
    app.type("K")
    app.wait_for("narrows the list")
    app.type("/keepalive")
    app.wait_for(lambda text: "meeting-audio" not in text and "disconnects after idle" in text)
    app.type(ENTER)
    app.read(1)
    app.type("E")
    app.wait_for("VPN disconnects after idle")
    app.type(F4)
    app.wait_for("Tunnel disconnects after idle")
    app.type(CTRL_S)
    app.wait_for("committed as")
    for _ in range(2):  # out of the line that narrows the list, and out of the list
        app.type(ESCAPE)
        app.read(1)
    app.wait_for("HD-2")
    app.type("q")
    assert app.wait_for_end() == 0
    return kinds_of(host, record.read_text().splitlines())


def row(command: str, need: Need, used: set[str]) -> str:
    """Return the line of the list for a command."""
    kinds = sorted(used - UNLISTED) or ["nothing"]
    may = ", ".join(sorted(str(one.name).lower() for one in need)) or "nothing"
    return f"{command}: {', '.join(kinds)}; may besides: {may}"


def _write(folder: Path) -> None:
    host = OpenedHost(folder)
    rows = [row(command, need, used_by(host, command)) for command, need in every_command()]
    rows.append(row(APP, Need.APP, used_by_app(host)))
    LIST.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        _write(Path(made))
