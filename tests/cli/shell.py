"""Running ``helpdesk`` commands as a script does."""

import io
import json
import os
import pwd
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from helpdesk.cli import progress
from helpdesk.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
#: What a command finds on standard input.
Input = str | bytes | io.BufferedReader


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    returncode: int
    stdout: bytes
    stderr: bytes


class Shell:
    """Runs ``helpdesk`` on a desk of its own.

    :meth:`run` calls the program's entry point within this process with replaced streams, which is
    fast; :meth:`process` starts a real process, as a user's shell does.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.login = pwd.getpwuid(os.getuid()).pw_name
        self.db = folder / "desk.db"
        self.kb = Path(shutil.copytree(ROOT / "kb", folder / "kb"))
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONPATH": str(ROOT),
            "HELPDESK_DATABASE_URL": f"sqlite:///{self.db}",
            "HELPDESK_KB": str(self.kb),
        }

    def run(
        self, *arguments: str, stdin: Input = b"", stdout: io.TextIOWrapper | None = None
    ) -> Done:
        """Run a command within this process and return its result.

        :param stdout: where its output goes, instead of into the result.
        """
        sent = stdin.encode() if isinstance(stdin, str) else stdin
        given = io.BytesIO(sent) if isinstance(sent, bytes) else sent
        out, err = io.BytesIO(), io.BytesIO()
        printed = stdout or io.TextIOWrapper(out, encoding="utf-8", write_through=True)
        with (
            patch.dict(os.environ, self.env, clear=True),
            patch("helpdesk.desk.session.system_login", lambda: self.login),
            # Whether a command reports its progress depends on how busy the machine is.
            patch.object(progress, "_QUIET_S", 3_600),
            patch.object(sys, "stdin", io.TextIOWrapper(given, encoding="utf-8")),
            redirect_stdout(printed),
            redirect_stderr(io.TextIOWrapper(err, encoding="utf-8", write_through=True)),
        ):
            try:
                code = main(arguments)
            except SystemExit as left:
                code = int(left.code or 0)
            return Done(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: str, stdin: bytes = b"") -> Done:
        """Run a command in a real process and return its result."""
        done = subprocess.run(
            [sys.executable, "-m", "helpdesk", *arguments],
            env=self.env,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def bash(self, script: str) -> Done:
        """Run a line of bash and return its result; ``$H`` is the program."""
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {script}"],
            env={**self.env, "H": f"{sys.executable} -m helpdesk"},
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments: str, stdin: str | bytes = b"") -> Any:
        """Run a command with ``--json`` and return the document that it prints."""
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.returncode == 0, done.stderr.decode()
        assert done.stderr == b""
        return json.loads(done.stdout)

    def refused(self, code: int, *arguments: str, stdin: Input = b"") -> str:
        """Run a command that must be refused with an exit code; return its sentence."""
        return refusal(self.run(*arguments, stdin=stdin), code)


def refusal(done: Done, code: int) -> str:
    """Check a refusal: this exit code, nothing on stdout, one sentence on stderr, returned."""
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), said
    assert said.startswith("helpdesk")
    assert said.count("\n") == 1
    assert said.endswith(".\n")
    assert "Traceback" not in said
    assert "something went wrong" not in said
    return said
