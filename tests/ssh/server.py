"""A real OpenSSH server on the loopback interface, with its own configuration, keys and home."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.shell import Shell
from tests.pty.terminal import Terminal

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
ACCOUNT = pwd.getpwuid(os.getuid()).pw_name
#: The global settings of the test server.
_CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/home/.ssh/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
Subsystem sftp internal-sftp
LogLevel VERBOSE
{more}
"""


class Server(Shell):
    """A host with a help desk; the user who runs the tests is its service account."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(mode=0o700)
        super().__init__(self.home)
        self.root = folder
        self.port = 0
        self.key("host_key")

    def key(self, name: str, *options: str) -> Path:
        """Make a key pair; return the file of the private key."""
        file = self.root / name
        kind = options or ("-t", "ed25519")
        subprocess.run(
            ["ssh-keygen", "-q", "-N", "", "-C", f"{name} made for a test", *kind, "-f", file],
            check=True,
        )
        return file

    def done(self, *arguments: str, stdin: str = "") -> str:
        """Run a command on the host, which must succeed; return what it prints."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    def let_in(self, login: str, level: str, role: str = "agent") -> None:
        """Add an agent with a key; the file of the key has the agent's name."""
        self.done("agent", "add", login, "--level", level, "--role", role)
        self.done("agent", "key", "add", login, f"{self.key(login)}.pub")

    @contextmanager
    def serving(self, more: str = "") -> Iterator[None]:
        """Run the server during the block."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = self.root / "sshd_config"
        config.write_text(_CONFIG.format(port=self.port, folder=self.root, more=more))
        if os.getuid() == 0:  # the privilege separation folder of sshd
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        assert SSHD is not None
        log = (self.root / "sshd.log").open("ab")
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=log)
        try:
            self._wait_until_it_listens(server)
            yield
        finally:
            server.terminate()
            server.wait()
            log.close()

    def _wait_until_it_listens(self, server: "subprocess.Popen[bytes]") -> None:
        for _ in range(6_000):
            assert server.poll() is None, (self.root / "sshd.log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.01)
        host = (self.root / "host_key.pub").read_text()
        (self.root / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host}")

    def client(self, key: str, *options: str) -> list[str]:
        """Return the arguments of the ssh client before the host name."""
        return [
            *("-F", "none", "-p", str(self.port), "-i", str(self.root / key)),
            *("-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes"),
            *("-o", f"UserKnownHostsFile={self.root / 'known_hosts'}"),
            *options,
        ]

    def ssh(
        self,
        key: str,
        *command: str,
        options: tuple[str, ...] = (),
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command over SSH, as a script does."""
        return subprocess.run(
            ["ssh", *self.client(key, *options), f"{ACCOUNT}@127.0.0.1", *command],
            env={"PATH": os.environ["PATH"], "HOME": str(self.root), **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def begin(
        self, key: str, *command: str, options: tuple[str, ...] = ()
    ) -> "subprocess.Popen[str]":
        """Begin a command over SSH, whose standard input stays open."""
        return subprocess.Popen(
            ["ssh", *self.client(key, *options), f"{ACCOUNT}@127.0.0.1", *command],
            env={"PATH": os.environ["PATH"], "HOME": str(self.root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def terminal(self, key: str, *options: str, **more: Any) -> Terminal:
        """Sign in on a terminal, as a user does."""
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            **more.pop("env", {}),
        }
        return Terminal(
            *self.client(key, "-t", *options),
            f"{ACCOUNT}@127.0.0.1",
            env=env,
            module=None,
            program="ssh",
            **more,
        )
