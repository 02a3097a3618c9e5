"""Killed or stopped processes, full and read-only disks.

No acknowledged change is lost, the database stays undamaged, all others can go on, and the person
concerned gets a sentence.

The default suite kills three processes, ``pytest tests/faults -m fault`` two hundred.
"""

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from helpdesk.desk.administration import backups
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import DeskError, UnavailableError
from helpdesk.store.administration import check
from tests.conftest import KB, StillClock
from tests.verbs import do

_FORK = multiprocessing.get_context("fork")


def _url(desk: Desk, **query: str) -> str:
    url = desk.database.url.update_query_dict(query)
    return url.render_as_string(hide_password=False)


def _damage(desk: Desk) -> list[str]:
    with desk.database.read() as session:
        return [*check.integrity(session), *check.broken_references(session)]


def _work(url: str, protocol: str, name: str, clock: StillClock) -> None:
    """Log queries and write notes without pause; write each acknowledged change to a protocol."""
    desk = open_desk(Settings(url, KB), clock)
    with Path(protocol).open("a", encoding="utf-8", buffering=1) as written:
        for count in range(10**9):
            subject = f"{name} {count}"
            number = log_query.log_query(desk, NewQuery(subject)).number
            written.write(f"{number}\t{subject}\n")
            do(desk, number, Note(f"note {subject}"))
            written.write(f"{number}\tnote {subject}\n")


def _kill_often(desk: Desk, clock: StillClock, folder: Path, times: int, crowd: int = 3) -> None:
    protocols: list[Path] = []

    def start() -> BaseProcess:
        protocol = folder / f"protocol-{len(protocols)}"
        protocol.touch()
        protocols.append(protocol)
        process = _FORK.Process(
            target=_work, args=(_url(desk), str(protocol), protocol.name, clock)
        )
        process.start()
        return process

    living = [start() for _ in range(crowd)]
    for _ in range(times):
        time.sleep(random.uniform(0.0, 0.2))
        victim = living.pop(random.randrange(len(living)))
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        living.append(start())
        number = log_query.log_query(desk, NewQuery("somebody else goes on")).number
        assert show_ticket.show(desk, number).subject == "somebody else goes on"
    for process in living:
        process.kill()
        process.join()
    lines = [line for file in protocols for line in file.read_text().splitlines() if "\t" in line]
    for line in lines:
        logged, _, words = line.partition("\t")
        shown = show_ticket.show(desk, int(logged))
        assert words in (shown.subject, *(event.text for event in shown.events)), line
    assert _damage(desk) == []


def test_what_was_acknowledged_survives_kills_under_load(
    desk: Desk, clock: StillClock, tmp_path: Path
) -> None:
    _kill_often(desk, clock, tmp_path, 3)


@pytest.mark.fault
def test_what_was_acknowledged_survives_two_hundred_kills(
    desk: Desk, clock: StillClock, tmp_path: Path
) -> None:
    _kill_often(desk, clock, tmp_path, 200, crowd=6)


def _stop_while_writing(url: str) -> None:
    desk = open_desk(Settings(url, KB))
    with desk.database.write() as session:
        session.connection().exec_driver_sql("UPDATE desk_facts SET value = value")
        os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)


def _stopped(desk: Desk, **query: str) -> BaseProcess:
    process = _FORK.Process(target=_stop_while_writing, args=(_url(desk, **query),))
    process.start()
    assert process.pid is not None
    os.waitpid(process.pid, os.WUNTRACED)
    return process


def _resume(process: BaseProcess) -> int:
    """Let a stopped process continue to its end; return its exit code."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGCONT)
    return os.waitstatus_to_exitcode(os.waitpid(process.pid, 0)[1])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_others_get_a_sentence_while_a_stopped_process_holds_the_desk(desk: Desk) -> None:
    stopped = _stopped(desk)
    other = open_desk(Settings(_url(desk, timeout="0.2"), KB))
    with pytest.raises(UnavailableError, match=r"is busy: .* try again\.$"):
        log_query.log_query(other, NewQuery("x"))
    assert other.agent.login == "ann"  # reading goes on
    assert _resume(stopped) == 0
    assert log_query.log_query(other, NewQuery("x")).number == 1
    other.close()


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_stopped_process_loses_its_turn_on_a_server(desk: Desk) -> None:
    stopped = _stopped(desk, options="-c idle_in_transaction_session_timeout=300")
    assert log_query.log_query(desk, NewQuery("x")).number == 1
    assert _resume(stopped) == 1  # the server has cancelled its change


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_full_disk(
    desk: Desk, small_disk: Callable[[str], Path], clock: StillClock, tmp_path: Path
) -> None:
    file = Path(shutil.copy(tmp_path / "desk.db", small_disk("size=3m")))
    other = open_desk(Settings(f"sqlite:///{file}", KB), clock)
    logged: list[int] = []

    def log_on() -> None:
        while len(logged) < 2_000:
            logged.append(log_query.log_query(other, NewQuery("big", body="x" * 9_000)).number)

    with pytest.raises(UnavailableError, match="has no room left on its disk: nothing was"):
        log_on()
    assert [show_ticket.show(other, number).number for number in logged] == logged
    assert _damage(other) == []
    small_disk("size=30m")
    assert log_query.log_query(other, NewQuery("goes on")).number == logged[-1] + 1
    other.close()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_disk_that_was_mounted_read_only(
    desk: Desk, small_disk: Callable[[str], Path], clock: StillClock, tmp_path: Path
) -> None:
    file = Path(shutil.copy(tmp_path / "desk.db", small_disk("size=8m")))
    settings = Settings(f"sqlite:///{file}", KB)
    open_desk(settings, clock).close()
    small_disk("ro")
    with pytest.raises(DeskError, match=r"read-only|cannot be opened") as caught:
        log_query.log_query(open_desk(settings, clock), NewQuery("x"))
    assert "\n" not in str(caught.value)
    small_disk("rw")
    again = open_desk(settings, clock)
    assert log_query.log_query(again, NewQuery("x")).number == 1
    again.close()


def test_a_disk_that_fills_in_the_middle_of_a_backup(
    desk: Desk, small_disk: Callable[[str], Path]
) -> None:
    folder = small_disk("size=1m")
    backups.take(desk, folder / "backup")
    before = (folder / "backup").read_bytes()
    for number in range(40):
        log_query.log_query(desk, NewQuery(f"{number}", body=random.randbytes(20_000).hex()))
    with pytest.raises(UnavailableError, match=r"an earlier one is untouched|of an earlier"):
        backups.take(desk, folder / "backup")
    assert (folder / "backup").read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["backup"]


@pytest.fixture(autouse=True)
def _no_zombies() -> Iterator[None]:
    yield
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
