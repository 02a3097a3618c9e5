"""``helpdesk doctor`` names each problem and the command that fixes it."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.ssh import landlock
from tests.cli.shell import Shell
from tests.conftest import StillClock


@pytest.fixture
def healthy(shell: Shell) -> Shell:
    """An installation with nothing wrong: one agent with a key, a backup of today."""
    shell.folder.chmod(0o700)
    shell.run("ticket", "new", "-s", "one")
    key = shell.folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", key], check=True)
    assert shell.run("agent", "key", "add", shell.login, f"{key}.pub").returncode == 0
    assert shell.run("db", "backup", str(shell.folder / "backup.db")).returncode == 0
    return shell


def wrong(shell: Shell, *arguments: str) -> dict[str, str]:
    """Return the fix that ``doctor`` names for each failed check; check its exit code."""
    done = shell.run("doctor", "--json", *arguments)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    faults = {finding["check"]: finding["mend"] for finding in found if not finding["ok"]}
    assert done.returncode == (1 if faults else 0)
    assert all(finding["wrong"].endswith(".") for finding in found if finding["wrong"])
    return faults


def config(shell: Shell, text: str) -> tuple[str, str]:
    """Write a configuration file of sshd and return the option that names it."""
    host_key = shell.folder / "key"
    file = shell.folder / "sshd_config"
    file.write_text(f"HostKey {host_key}\n{text}")
    return ("--sshd-config", str(file))


def test_each_problem_is_found_and_its_command_fixes_it(healthy: Shell) -> None:
    assert wrong(healthy).keys() <= {"sshd"}
    authorized = healthy.folder / ".ssh" / "authorized_keys"

    authorized.write_text("ssh-ed25519 AAAA somebody\n")
    faults = wrong(healthy)
    assert faults["keys"] == "helpdesk agent key write"
    assert str(authorized) in faults["other keys"]
    healthy.run(*faults["keys"].split()[1:])
    assert "keys" not in wrong(healthy)
    authorized.write_text(authorized.read_text().replace("ssh-ed25519 AAAA somebody\n", ""))

    healthy.folder.chmod(0o755)
    authorized.chmod(0o644)
    faults = wrong(healthy)
    for check in ("database folder", "keys file"):
        subprocess.run(faults[check].split(), check=True)
    healthy.folder.chmod(0o700)
    assert wrong(healthy).keys() <= {"sshd"}

    (healthy.folder / "backup.db").unlink()
    assert "backup" in wrong(healthy)["backups"]
    shutil.rmtree(healthy.kb)
    assert wrong(healthy)["knowledge base"] == f"mkdir -p {healthy.kb}"
    door = healthy.folder / ".config" / "helpdesk" / "door.toml"
    door.parent.mkdir(parents=True)
    door.write_text("editor = 7\n")
    assert "door.toml" in wrong(healthy)

    drop = healthy.folder / "drop"
    door.write_text(f'drop_folder = "{drop}"\n')
    assert "drop folder" in wrong(healthy)
    drop.mkdir(mode=0o700)
    assert "drop folder" not in wrong(healthy)
    drop.chmod(0o770)
    assert "chmod go-w" in wrong(healthy)["drop folder"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may ask sshd for its configuration")
def test_sshd_is_asked_and_the_printed_block_fixes_it(healthy: Shell) -> None:
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # the privilege separation folder of sshd
    careless = "AcceptEnv *\nPermitUserEnvironment yes\n"
    faults = wrong(healthy, *config(healthy, careless))
    assert "doctor --sshd" in faults["sshd"]
    block = healthy.run("doctor", "--sshd").stdout.decode()
    assert f"Match User {healthy.login}" in block
    assert "sshd" not in wrong(healthy, *config(healthy, block))
    # The settings of the block for the account override the global ones.
    mended = wrong(healthy, *config(healthy, f"AcceptEnv *\n{block}"))
    assert "sshd" not in mended
    done = healthy.run("doctor", "--json", *config(healthy, block))
    found = {finding["check"]: finding for finding in json.loads(done.stdout)}
    assert (found["sshd"]["ok"], found["sshd"]["found"]) == (True, f"for {healthy.login}")


def test_the_fences_around_ssh_clients_are_named(
    healthy: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fences() -> str:
        done = healthy.run("doctor", "--json")
        (found,) = (one for one in json.loads(done.stdout) if one["check"] == "fences")
        assert found["ok"]
        assert f"✓ fences: {found['found']}" in healthy.run("doctor").stdout.decode()
        return str(found["found"])

    authorized = healthy.folder / ".ssh" / "authorized_keys"
    monkeypatch.setattr(landlock, "abi", lambda: 7)
    assert fences().startswith("audit hook, Landlock 7, which leaves")
    assert f"{authorized} open" in fences()  # the database lies in the home itself
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr(landlock, "why_not", lambda: "Linux 5.4 has no Landlock")
    assert fences() == "audit hook; no Landlock: Linux 5.4 has no Landlock"


def test_a_desk_that_cannot_be_opened_is_reported(healthy: Shell) -> None:
    healthy.db.write_bytes(b"nonsense, but long enough to be looked at" * 40)
    assert wrong(healthy)["desk"] == "helpdesk db status"


def test_a_clock_that_is_behind_is_named_by_every_command(shell: Shell) -> None:
    ahead = StillClock()
    ahead.now = datetime.now(UTC) + timedelta(days=30)
    with patch("helpdesk.desk.session.system_login", lambda: shell.login):
        desk = open_desk(Settings(f"sqlite:///{shell.db}", shell.kb, throw_away=True), ahead)
        log_query.log_query(desk, NewQuery("in the future"))
        desk.close()
    done = shell.run("ticket", "list")
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 1)
    assert b"helpdesk: warning: the host's clock" in done.stderr
    assert b"in the future" in done.stdout
    said = shell.refused(1, "ticket", "new", "-s", "x")
    assert "behind the newest record" in said
    assert "helpdesk doctor --clock-is-right" in said
    assert "behind the newest record" in shell.run("doctor").stdout.decode()
    confirmed = shell.run("doctor", "--clock-is-right", "--json")
    assert json.loads(confirmed.stdout)["confirmed"] is True
    assert shell.json("ticket", "new", "-s", "x")["id"] == "HD-2"


def test_commits_of_articles_that_are_not_pushed_or_pulled_are_named(healthy: Shell) -> None:
    base, other = healthy.folder / "base.git", healthy.folder / "other"
    identity = ("-c", "user.name=x", "-c", "user.email=x@x.example")

    def git(folder: Path, *arguments: str) -> None:
        subprocess.run(("git", *identity, *arguments), cwd=folder, check=True)

    git(healthy.folder, "init", "-q", "--bare", "-b", "main", str(base))
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "all")):
        git(healthy.kb, *arguments)
    assert "knowledge base git" not in wrong(healthy)  # it follows no branch
    git(healthy.kb, "remote", "add", "origin", str(base))
    git(healthy.kb, "push", "-q", "-u", "origin", "main")
    assert "knowledge base git" not in wrong(healthy)
    healthy.json("kb", "new", "vpn/new.md")  # a commit of this host
    push = f"git -C {healthy.kb} push"
    assert wrong(healthy)["knowledge base git"] == push
    git(healthy.folder, "clone", "-q", str(base), str(other))
    (other / "theirs.md").write_text("# Theirs\n")
    for arguments in (("add", "."), ("commit", "-q", "-m", "theirs"), ("push", "-q")):
        git(other, *arguments)
    git(healthy.kb, "fetch", "-q")
    assert wrong(healthy)["knowledge base git"] == f"git -C {healthy.kb} pull --rebase && {push}"
    git(healthy.kb, "pull", "-q", "--rebase", "--autostash")
    git(healthy.kb, "push", "-q")
    assert "knowledge base git" not in wrong(healthy)
    (healthy.kb / ".git/MERGE_HEAD").write_text("")
    assert wrong(healthy)["knowledge base git"] == f"git -C {healthy.kb} status"
