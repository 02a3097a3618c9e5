"""The help desk's block in ``authorized_keys``, and the line of an agent's key."""

import shlex
from pathlib import Path

import pytest

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.ssh import authorized_keys
from helpdesk.ssh.forced_command import ForcedCommand
from helpdesk.ssh.public_key import PublicKey

KEY = PublicKey("ssh-ed25519", "AAAAC3Nz", "a comment", "SHA256:abc/+1", "ED25519")
LINE = 'restrict,pty,command="x" ssh-ed25519 AAAA ann'


def test_the_block_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / ".ssh" / "authorized_keys"
    authorized_keys.write_block(file, [LINE])
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    text = "\x0c# mine\nssh-rsa BBBB me\n" + file.read_text() + "ssh-rsa CCCC\u2028 too\n"
    file.write_text(text)
    authorized_keys.write_block(file, [LINE, LINE])
    assert authorized_keys.block(file) == [LINE, LINE]
    assert authorized_keys.others(file) == [
        *("\x0c# mine", "ssh-rsa BBBB me", "ssh-rsa CCCC\u2028 too")
    ]
    assert sorted(found.name for found in file.parent.iterdir()) == ["authorized_keys"]


def test_lines_after_a_block_without_its_end_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "authorized_keys"
    file.write_text(f"# helpdesk begin: …\n{LINE}\nssh-rsa BBBB me\n")
    authorized_keys.write_block(file, [])
    assert "ssh-rsa BBBB me" in file.read_text()
    assert LINE not in file.read_text()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("ssh-rsa BBBB me\n")
    link = tmp_path / "authorized_keys"
    link.symlink_to(real)
    authorized_keys.write_block(link, [LINE])
    assert link.is_symlink()
    assert authorized_keys.block(real) == [LINE]


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UnavailableError, match="cannot be"):
        authorized_keys.write_block(tmp_path / "file" / "authorized_keys", [LINE])


def test_the_shell_gets_exactly_the_words_of_the_command() -> None:
    program = ("/opt/help desk/it's/$(reboot);`x`/python", "-I")
    line = ForcedCommand(program, ("--kb", "/srv/a&b")).line("ann", KEY)
    start, _, end = line.partition('command="')
    command, _, rest = end.rpartition('"')
    assert (start, rest) == ("restrict,pty,", " ssh-ed25519 AAAAC3Nz ann")
    # sshd turns \" into a quote before it gives the command to the shell.
    words = shlex.split(command.replace('\\"', '"'))
    assert words == [
        *program, "door", "--kb", "/srv/a&b", "--key", "SHA256:abc/+1", "--as", "ann",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "login", ["-oProxyCommand=x", "a;reboot", "a b", "", "ann\n", "$HOME", "Ann", "../x", "a" * 33]
)
def test_an_invalid_login_is_refused(login: str) -> None:
    with pytest.raises(RefusedError, match="cannot sign in over SSH"):
        ForcedCommand(("/usr/bin/python3",)).line(login, KEY)


@pytest.mark.parametrize("path", ["/a\nb", "/a\\", "/é", "/a\x1b"])
def test_a_path_that_sshd_would_misread_is_refused(path: str) -> None:
    with pytest.raises(RefusedError, match="cannot be written to sshd's file"):
        ForcedCommand(("/usr/bin/python3",), ("--kb", path)).line("ann", KEY)
