"""Another program's long read makes the log of an SQLite desk grow; ``doctor`` names it."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.desk.administration import doctor
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.store.database import sqlite, write_ahead_log

_LIMIT = 200_000
_READS = """
import sqlite3, sys
shell = sqlite3.connect(sys.argv[1], isolation_level=None)
shell.execute("BEGIN")
print(shell.execute("SELECT count(*) FROM tickets").fetchone(), flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_log_is_bounded_again_once_a_long_reader_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "CHECKPOINT_ABOVE_BYTES", _LIMIT)
    monkeypatch.setattr(sqlite, "CHECKPOINT_EVERY_S", 0.0)
    monkeypatch.setattr(doctor, "LONGEST_LOG", _LIMIT)
    file = desk.database.file
    assert file is not None

    def log_until(longer: bool) -> int:
        for count in range(200):
            if (write_ahead_log.size(file) > 2 * _LIMIT) is longer:
                return count
            log_query.log_query(desk, NewQuery("big", body="x" * 9_000))
        raise AssertionError(f"the log has {write_ahead_log.size(file):,} bytes")

    with subprocess.Popen(
        [sys.executable, "-c", _READS, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as shell:
        assert shell.stdout is not None
        shell.stdout.readline()
        log_until(longer=True)
        found = _log(desk)
        assert f"because process {shell.pid} ({Path(sys.executable)}" in found.wrong
        assert found.mend == f"end process {shell.pid}"
        shell.communicate(b"\n")
    assert log_until(longer=False) <= 1
    assert _log(desk).wrong == ""


def _log(desk: Desk) -> doctor.DoctorFinding:
    return next(one for one in doctor.examine(desk.settings) if one.check == "log")
