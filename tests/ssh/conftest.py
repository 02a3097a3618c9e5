"""Fixtures: an SSH server with a desk."""

import os
from collections.abc import Iterator

import pytest

from tests.ssh.server import SSHD, Server


def require_sshd() -> None:
    """Skip the test if no OpenSSH server is installed; in CI there must be one."""
    if SSHD is None:
        assert "CI" not in os.environ, "SSH access is tested with a real OpenSSH server: install it"
        pytest.skip("there is no OpenSSH server here (Debian: apt install openssh-server)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk of the account that runs the tests, with SSH access for ann and bob."""
    require_sshd()
    host = Server(tmp_path_factory.mktemp("host"))
    host.let_in("ann", "L1")
    host.let_in("bob", "L2")
    with host.serving():
        yield host
