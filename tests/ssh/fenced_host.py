"""A host whose forced command has a hole, to try what its fences hold."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.cli.shell import ROOT, Shell

SCRIPT = Path(__file__).with_name("hole.py")


class FencedHost(Shell):
    """A desk in a folder of its own, as it is set up for SSH; ann is an administrator."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(mode=0o700)
        super().__init__(self.home)
        self.db = self.home / "data" / "desk.db"
        self.env["HELPDESK_DATABASE_URL"] = f"sqlite:///{self.db}"
        self.drop = self.home / "drop"
        self.drop.mkdir(mode=0o700)
        self.ssh_folder = self.home / ".ssh"
        self.ssh_folder.mkdir(mode=0o700)
        self.config = self.home / ".config" / "helpdesk"
        self.config.mkdir(parents=True)
        self.write_host_file()
        self.done("agent", "add", "ann", "--level", "L1,L2", "--role", "admin")
        self.done("ticket", "new", "-s", "one")

    def done(self, *arguments: str) -> None:
        """Run a command on the host, which must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr

    def write_host_file(self, **settings: Any) -> None:
        """Write ``door.toml`` with these settings besides the drop folder."""
        lines = {"drop_folder": str(self.drop), **settings}
        text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
        (self.config / "door.toml").write_text(text)

    def options(self, **options: Any) -> str:
        """Return the first argument of the forced command with a hole."""
        return json.dumps({"root": str(ROOT), **options})

    def words(self, **options: Any) -> list[str]:
        """Return the forced command with a hole, for ann."""
        return [
            *(sys.executable, "-I", str(SCRIPT), self.options(**options), "door"),
            *("--db", self.env["HELPDESK_DATABASE_URL"], "--kb", str(self.kb)),
            *("--home", str(self.home), "--as", "ann"),
        ]

    def forced(
        self, command: str, stdin: str = "", **options: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Run the forced command as sshd does."""
        return subprocess.run(
            self.words(**options),
            env={"PATH": os.environ["PATH"], "SSH_ORIGINAL_COMMAND": command, "LANG": "C.UTF-8"},
            cwd=self.home,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def through(self, attempts: Mapping[str, str], without: Iterable[str] = ()) -> dict[str, str]:
        """Return, by attempt, what held it; "" if it got through."""
        done = self.forced("inbox", json.dumps(attempts), hole=True, without=list(without))
        return results(done.stdout, done.stderr)


def results(stdout: str, stderr: str) -> dict[str, str]:
    """Return what the hole printed: by attempt what held it, or "" if it got through."""
    found = [json.loads(line) for line in stdout.splitlines()]
    assert found, stderr
    return dict(found)
