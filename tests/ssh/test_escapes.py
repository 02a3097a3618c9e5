"""Attempts to reach more than the help desk over SSH, each made with a real client.

The server of these tests accepts every environment variable, which no administrator should allow.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ssh.conftest import require_sshd
from tests.ssh.server import ACCOUNT, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A carelessly configured server; ann is an administrator, so no missing right hides a hole."""
    require_sshd()
    host = Server(tmp_path_factory.mktemp("careless"))
    host.let_in("ann", "L1", role="admin")
    with host.serving("AcceptEnv *\nPermitUserEnvironment yes"):
        yield host


#: One of each kind; ``tests/cli/test_door_requests.py`` has more, without a server.
@pytest.mark.parametrize(
    ("command", "because"),
    [
        ("bash -i", "is no command of the help desk"),
        ("rsync --server --sender . /etc/", "is no command of the help desk"),
        ("$(id); id | id", "is no command of the help desk"),
        ("db backup /tmp/x.db", "is for the account itself"),
        ("ticket list --as root", "--as cannot be named over SSH"),
        ("policy check /etc/passwd", "would be a file of the host"),
    ],
)
def test_a_command_that_is_not_allowed_over_ssh_is_refused(
    server: Server, command: str, because: str
) -> None:
    done = server.ssh("ann", command)
    assert (done.returncode, done.stdout) == (4, ""), done.stderr
    assert because in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "refused"),
    [
        (("-W", "127.0.0.1:{port}"), "administratively prohibited"),
        (("-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:{port}"), "forwarding failed"),
    ],
)
def test_forwarding_is_refused(server: Server, option: tuple[str, ...], refused: str) -> None:
    words = tuple(word.format(port=server.port) for word in option)
    done = server.ssh("ann", options=words)
    assert done.returncode == 255
    assert refused in done.stderr
    assert "SSH-2.0" not in done.stdout


def test_sftp_and_scp_transfer_nothing(server: Server, tmp_path: Path) -> None:
    options = [part for part in server.client("ann") if part not in ("-p", str(server.port))]
    target = tmp_path / "passwd"
    for program, *arguments in (
        ("sftp", f"{ACCOUNT}@127.0.0.1:/etc/passwd", str(target)),
        ("scp", f"{ACCOUNT}@127.0.0.1:/etc/passwd", str(target)),
        ("scp", "-O", f"{ACCOUNT}@127.0.0.1:/etc/passwd", str(target)),
        ("scp", "-O", "/etc/hostname", f"{ACCOUNT}@127.0.0.1:{tmp_path / 'dropped'}"),
    ):
        done = subprocess.run(
            [program, "-P", str(server.port), *options, *arguments],
            env={"PATH": os.environ["PATH"], "HOME": str(server.root)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode != 0
    assert not target.exists()
    assert not (tmp_path / "dropped").exists()


def test_the_clients_environment_changes_nothing(server: Server, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    marker = tmp_path / "sprung"
    code = f"open({str(marker)!r}, 'a').write('x')\n"
    for name in ("sitecustomize.py", "usercustomize.py", "argparse.py", "helpdesk.py"):
        (trap / name).write_text(code)
    hostile = {
        "PYTHONPATH": str(trap), "PYTHONSTARTUP": str(trap / "argparse.py"),
        "PYTHONHOME": str(trap), "PYTHONINSPECT": "1", "PYTHONBREAKPOINT": "os.system",
        "PYTHONWARNINGS": "error", "PYTHONUSERBASE": str(trap), "PYTHONPROFILEIMPORTTIME": "1",
        "HELPDESK_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}", "HELPDESK_KB": "/etc",
        "XDG_DATA_HOME": str(trap), "XDG_STATE_HOME": str(trap), "XDG_CONFIG_HOME": str(trap),
        "HOME": str(trap), "TEXTUAL_LOG": str(marker), "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_DRIVER": "argparse:X", "EDITOR": f"touch {marker}", "VISUAL": f"touch {marker}",
        "PAGER": f"touch {marker}", "BROWSER": f"touch {marker}", "LESSOPEN": f"|touch {marker}",
        "GIT_SSH_COMMAND": f"touch {marker}", "LANGUAGE": "../../..", "TZ": ":/etc/passwd",
        "SSH_USER_AUTH": "/etc/passwd", "SSH_CONNECTION": "192.0.2.66 1 192.0.2.66 22",
        "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    send = tuple(part for name in hostile for part in ("-o", f"SendEnv={name}"))
    done = server.ssh("ann", "ticket list --json", options=send, env=hostile)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
    opened = server.terminal("ann", *send, env=hostile)
    opened.wait_for("ann (L1)")
    assert server.json("agent", "connections")[0]["address"] == "127.0.0.1"
    opened.type("q")
    assert opened.wait_for_end() == 0
    assert not marker.exists()
    assert not (tmp_path / "other.db").exists()
    assert sorted(path.name for path in trap.iterdir()) == [
        *("argparse.py", "helpdesk.py", "sitecustomize.py", "usercustomize.py")
    ]


def test_no_key_of_the_app_opens_a_shell_or_writes_a_file(server: Server) -> None:
    opened = server.terminal("ann")
    opened.wait_for("ann (L1)")
    # Suspend, interrupt, quit with a core, Textual's screenshot and its log.
    for keys in ("\x1a", "\x03", "\x1c", "\x19", "\x1b[21~"):
        opened.type(keys)
        opened.read(0.2)
    assert opened.child.isalive()
    opened.type("\x10")  # the palette
    opened.wait_for("action of this screen")
    opened.type("screenshot")
    opened.read(0.5)
    palette = opened.text.lower()
    assert "save" not in palette
    assert "svg" not in palette
    opened.type("\x1b")
    opened.wait_for(
        lambda text: "screenshot" not in text
    )  # q directly after Esc would be read as Alt+Q
    opened.type("q")
    assert opened.wait_for_end() == 0
    assert not list(server.home.glob("*.svg"))


def test_each_attempt_is_recorded(server: Server) -> None:
    server.ssh("ann", "cat /etc/shadow")
    (record,) = server.json("report", "audit", "--refused", "--limit", "1")
    assert (record["login"], record["address"]) == ("ann", "127.0.0.1")
    assert record["key"].startswith("SHA256:")
    assert "cat /etc/shadow" in record["what"]["refused"]
