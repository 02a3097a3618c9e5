"""An editor and git reach less than the app that starts them over SSH."""

import subprocess
import threading
from pathlib import Path

import pytest

from helpdesk.desk.settings import Settings
from helpdesk.desk.ssh.fence import fence_of
from helpdesk.desk.ssh.host_file import HostRules
from helpdesk.ssh.landlock import Allowed, Restriction, abi
from helpdesk.ssh.needs import Need

pytestmark = pytest.mark.skipif(
    not abi(), reason="this kernel has no Landlock: CONFIG_SECURITY_LANDLOCK, and landlock in lsm="
)
EDITOR = "/bin/sed"


def edit(tmp_path: Path, script: str) -> tuple[int, str]:
    """Run sed as the editor, restricted as over SSH; return its exit code and the text after it."""
    copy = tmp_path / "copy" / "article.md"
    copy.parent.mkdir()
    copy.write_text("text\n")
    settings = Settings(database=str(tmp_path / "data" / "desk.db"), kb=tmp_path / "kb")
    fence = fence_of(settings, HostRules(None, editor=(EDITOR,)), Need.APP)
    restriction = Restriction(fence.program_rules[EDITOR])
    restriction.allow(copy.parent, Allowed.ALL_BELOW)
    codes = []

    def run() -> None:
        restriction.apply()
        command = [EDITOR, "-i", "-e", script, str(copy)]
        codes.append(subprocess.run(command, check=False, capture_output=True).returncode)

    # Only the thread is restricted, and what it starts.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return codes[0], copy.read_text()


def test_an_editor_edits_its_copy(tmp_path: Path) -> None:
    assert edit(tmp_path, "s/text/changed/") == (0, "changed\n")


def test_an_editor_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("secret\n")
    assert edit(tmp_path, f"r {tmp_path}/other") == (0, "text\n")


def test_an_editor_writes_no_other_file(tmp_path: Path) -> None:
    code, text = edit(tmp_path, f"w {tmp_path}/other")
    assert (code != 0, text) == (True, "text\n")
    assert not (tmp_path / "other").exists()


def test_an_editor_starts_no_program(tmp_path: Path) -> None:
    edit(tmp_path, f"1e echo secret > {tmp_path}/other")
    assert not (tmp_path / "other").exists()
    assert "secret" not in (tmp_path / "copy" / "article.md").read_text()
