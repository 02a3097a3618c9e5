"""``helpdesk doctor`` names what is wrong, and the command that mends it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def sound(shell: Shell) -> Shell:
    """An installation with nothing wrong: one agent with a key, a backup of today."""
    shell.folder.chmod(0o700)
    shell.run("ticket", "new", "-s", "one")
    key = shell.folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", key], check=True)
    assert shell.run("agent", "key", "add", shell.login, f"{key}.pub").returncode == 0
    assert shell.run("db", "backup", str(shell.folder / "backup.db")).returncode == 0
    return shell


def wrong(shell: Shell, *arguments: str) -> dict[str, str]:
    """Return the commands that mend, by check; the exit code says whether there are any."""
    done = shell.run("doctor", "--json", *arguments)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    faults = {one["check"]: one["mend"] for one in found if not one["ok"]}
    assert done.returncode == (1 if faults else 0)
    assert all(one["wrong"].endswith(".") for one in found if one["wrong"])
    return faults


def config(shell: Shell, text: str) -> tuple[str, str]:
    host_key = shell.folder / "key"
    file = shell.folder / "sshd_config"
    file.write_text(f"HostKey {host_key}\n{text}")
    return ("--sshd-config", str(file))


def test_each_fault_is_found_and_its_command_mends_it(sound: Shell) -> None:
    assert wrong(sound).keys() <= {"sshd"}
    authorized = sound.folder / ".ssh" / "authorized_keys"

    authorized.write_text("ssh-ed25519 AAAA somebody\n")
    faults = wrong(sound)
    assert faults["keys"] == "helpdesk agent key write"
    assert str(authorized) in faults["other keys"]
    sound.run(*faults["keys"].split()[1:])
    assert "keys" not in wrong(sound)
    authorized.write_text(authorized.read_text().replace("ssh-ed25519 AAAA somebody\n", ""))

    sound.folder.chmod(0o755)
    authorized.chmod(0o644)
    faults = wrong(sound)
    for check in ("database folder", "keys file"):
        subprocess.run(faults[check].split(), check=True)
    sound.folder.chmod(0o700)
    assert wrong(sound).keys() <= {"sshd"}

    (sound.folder / "backup.db").unlink()
    assert "backup" in wrong(sound)["backups"]
    shutil.rmtree(sound.kb)
    assert wrong(sound)["knowledge base"] == f"mkdir -p {sound.kb}"
    door = sound.folder / ".config" / "helpdesk" / "door.toml"
    door.parent.mkdir(parents=True)
    door.write_text("editor = 7\n")
    assert "door.toml" in wrong(sound)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may ask sshd for its configuration")
def test_sshd_is_asked_and_the_block_mends_it(sound: Shell) -> None:
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where the server of root shuts itself in
    careless = "AcceptEnv *\nPermitUserEnvironment yes\n"
    faults = wrong(sound, *config(sound, careless))
    assert "doctor --sshd" in faults["sshd"]
    block = sound.run("doctor", "--sshd").stdout.decode()
    assert f"Match User {sound.login}" in block
    assert "sshd" not in wrong(sound, *config(sound, block))
    # What the block says for the account holds against what is said for all.
    mended = wrong(sound, *config(sound, f"AcceptEnv *\n{block}"))
    assert "sshd" not in mended


def test_an_installation_that_cannot_be_opened_is_told(sound: Shell) -> None:
    sound.db.write_bytes(b"nonsense, but long enough to be looked at" * 40)
    assert wrong(sound)["desk"] == "helpdesk db status"
