"""Parsing a public key: every mistake is reported in one sentence."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import RefusedError
from helpdesk.ssh.public_key import read_public_key

#: A DSA key of 1024 bits; recent versions of ssh-keygen cannot make one.
DSA = (
    "ssh-dss AAAAB3NzaC1kc3MAAACBAK+8hBq1zboQHnV1RA3dwfcYa/bbxlM3eFsJjzgquLxZXF90yIsr7O4Mj2bx"
    "PdNtC1PoQRRjEVCicHhltlKhi5Ue15OJSIP/zVqhnWP2po7/6omknykY3zjXZTciw7uhcwd/qTCMhQnNzCFdMl0x"
    "c4jPALULrL7J+HQVmb4madUjAAAAFQC/Xg0IHA8fDgJtSiD+z1YeDCOxJwAAAIEApbT22jWnMBM+kqpJnbjoT5N3"
    "B8CXRfyhtplTKA9HdmbZuh7jhnXObPl2gWKhyoLR7LG5Gu03LYRY93gbqFgNu/zcp7bIwsalDZBvHp5V0blSWHQe"
    "x5HdhJAZRP4K+rOjLhWsUPyDarNBhsTrR496f/41nP34yvSo9b+ONiT4LM8AAACAegnarZyojG361c0i7muvMjtZ"
    "nk3b8C275PmU/mRZyoRvjScDIVuP0Dzhplr4wEkwSzzW+0wDaczy9oJRz4NpAZ1zZPLHVakMyTNRnmrOvEkPYk5C"
    "ztISQxnzxxyZr93DiqvrccEplnqGAcoJYdCTVnsIn1yfM8AJGMeMOXw1c+8="
)


@pytest.fixture(scope="session")
def make_key(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a key pair with ssh-keygen; return the file of the private key."""

    def make(*kind: str) -> Path:
        file = tmp_path_factory.mktemp("keys") / "key"
        subprocess.run(
            ["ssh-keygen", "-q", "-N", "", "-C", "ann@laptop", "-f", file, *kind], check=True
        )
        return file

    return make


def public(file: Path) -> str:
    """Return the public key that belongs to a private key's file."""
    return Path(f"{file}.pub").read_text()


@pytest.mark.parametrize(
    ("kind", "strength"),
    [
        (("-t", "ed25519"), "ED25519"),
        (("-t", "ecdsa", "-b", "256"), "ECDSA 256"),
        (("-t", "rsa", "-b", "3072"), "RSA 3072"),
    ],
)
def test_a_valid_key_is_read_as_ssh_keygen_shows_it(
    make_key: Callable[..., Path], kind: tuple[str, ...], strength: str
) -> None:
    file = make_key(*kind)
    key = read_public_key(f"# mine\n\n{public(file)}")
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{file}.pub"], capture_output=True, text=True, check=True
    ).stdout
    assert key.fingerprint == shown.split()[1]
    assert (key.strength, key.comment) == (strength, "ann@laptop")
    assert public(file).startswith(f"{key.line} ")


def test_anything_but_a_single_valid_key_is_refused(make_key: Callable[..., Path]) -> None:
    file = make_key("-t", "ed25519")
    valid = public(file).strip()
    kind, body, _ = valid.split(" ")
    weak = public(make_key("-t", "rsa", "-b", "2048"))
    for text, because in (
        (file.read_text(), "this is a private key, nothing was stored"),
        ("PuTTY-User-Key-File-3: ssh-ed25519\n", "this is a private key"),
        ("-----BEGIN RSA PRIVATE KEY-----\n", "this is a private key"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\n", "RFC 4716"),
        (f"{valid}\n{valid}\n", "2 lines with keys"),
        (f'command="sh" {valid}', "begins with options"),
        (f"no-pty {valid}", "begins with options"),
        ("", "no public key in it"),
        ("# nothing\n", "no public key in it"),
        ("hello", "this is no public key"),
        ("\x1b[31m\x00", "this is no public key"),
        (kind, "damaged"),
        (f"{kind} {body[:-8]}", "damaged"),
        (f"{kind} {body}AAAA", "damaged"),
        (f"{kind} !!!!", "damaged"),
        (f"ecdsa-sha2-nistp256 {body}", "damaged"),
        (f"ssh-ed448 {body}", "of a kind that is not known"),
        (DSA, "a DSA key is too weak"),
        (weak, "an RSA key of 2048 bits is too weak, it needs 3072"),
        (f"{kind}-cert-v01@openssh.com {body}", "a certificate"),
        (valid + "x" * 20_000, "too long"),
    ):
        with pytest.raises(RefusedError) as refusal:
            read_public_key(text)
        assert because in str(refusal.value), text
        assert str(refusal.value).isprintable()


def test_a_hostile_comment_becomes_inert_text(make_key: Callable[..., Path]) -> None:
    line = public(make_key("-t", "ed25519")).split()
    key = read_public_key(f"{line[0]} {line[1]} \x1b]0;x\x07 {'y' * 500}")
    assert key.comment.startswith("␛]0;x␇ yyy")
    assert len(key.comment) == 100


@given(st.text(max_size=300))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        read_public_key(text)
