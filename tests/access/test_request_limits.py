"""The limits of a request over SSH: how door.toml sets them, and which errors they explain."""

import errno
from pathlib import Path

import pytest

from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.domain.errors import UnavailableError
from helpdesk.ssh.request_limits import RequestLimits

MIB = 1024 * 1024


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file door.toml of a host."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "helpdesk"
    folder.mkdir()
    return folder / "door.toml"


def test_limits_are_read_from_door_toml(door: Path) -> None:
    assert host_rules().limits == RequestLimits()
    door.write_text('memory_limit = "512 MiB"\nprocessor_limit = "1h 30m"\nfile_limit = "2GiB"\n')
    assert host_rules().limits == RequestLimits(512 * MIB, 5400, 2048 * MIB, fixed_file_size=True)
    door.write_text("\n".join(f'{name}_limit = "none"' for name in ("memory", "processor", "file")))
    assert host_rules().limits == RequestLimits(None, None, None, fixed_file_size=True)


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ('memory_limit = "1 MiB"', "at least 256 MiB"),
        ('memory_limit = "much"', 'must be a size such as "512 MiB"'),
        ("memory_limit = 4", "must be a text in quotes"),
        ('file_limit = "-1 KiB"', 'must be a size such as "512 MiB"'),
        ('processor_limit = "soon"', "is no span of time"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(door: Path, line: str, because: str) -> None:
    door.write_text(line)
    with pytest.raises(UnavailableError, match=because):
        host_rules()


def chained(cause: Exception) -> Exception:
    """Return an error that another one has caused."""
    error = ValueError("the search failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "because"),
    [
        (MemoryError(), "more memory than 4,096 MiB"),
        (chained(MemoryError()), "more memory than"),
        (RuntimeError("can't start new thread"), "more memory than"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "more memory than"),
        (ImportError("x.so: failed to map segment from shared object"), "more memory than"),
        (chained(OSError(errno.EFBIG, "File too large")), "a file would become larger"),
    ],
)
def test_an_error_that_a_limit_caused_is_a_sentence(error: Exception, because: str) -> None:
    refusal = RequestLimits().exceeded(error)
    assert because in str(refusal)
    assert "in door.toml" in str(refusal)


def test_another_error_is_left_alone() -> None:
    assert RequestLimits().exceeded(chained(OSError(errno.ENOENT, "No such file"))) is None
