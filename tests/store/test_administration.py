"""Taking and restoring backups, copying a desk to another database, and checks."""

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text, update

from helpdesk.desk.administration import backups, copy_desk, doctor, integrity
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import person_lookup, person_records
from helpdesk.desk.people.person_records import PersonValues
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.desk.unit_of_work.further_requesters import FurtherRequesters
from helpdesk.domain.errors import ConflictError, NotPermittedError, RefusedError, UnavailableError
from helpdesk.domain.ticket import ReplyWay
from helpdesk.store.models import Requester, Ticket, TicketClock
from tests.conftest import MONDAY, StillClock
from tests.postgres import Server
from tests.verbs import do


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with two tickets that contain unusual text."""
    log_query.log_query(desk, NewQuery("Für Größe 🖨️ \x1b[1m", requester="Zoë <z@contoso.example>"))
    log_query.log_query(desk, NewQuery("two", body='it\'s \\ "quoted" %s :x'))
    do(desk, 1, Reply("answer\nof lines", ReplyWay.PHONE))
    _add_people(desk)
    return desk


def _add_people(desk: Desk) -> None:
    """Add people of whom everything is known; records are joined to earlier and later ones."""
    values = PersonValues(phone="+49 30 1", room="3.14", device="PC-7", language="de", vip=True)
    maria = person_records.add(desk, "Märia", replace(values, note="is\ndeaf", customer="Fabrikam"))
    second = person_records.add(desk, "M. Ortiz", PersonValues(mail="m@fab.example"))
    third = person_records.add(desk, "Ortiz, M.", PersonValues(mail="o@fab.example"))
    person_records.join(desk, maria.ref, second.ref)
    person_records.join(desk, third.ref, second.ref)
    person_lookup.set_customer_note(desk, "Fabrikam", "pays 'late' \\")
    asked = FurtherRequesters((third.ref,))
    do(desk, 2, SetFields(FieldChanges(callback="0171 2", further=asked)))


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, engine: str, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """The URLs of new, empty databases, by engine."""
    server: Server = request.getfixturevalue("postgres_server")
    name = f"new_{abs(hash(request.node.nodeid))}"
    yield {"sqlite": f"sqlite:///{tmp_path / 'moved.db'}", "postgresql": server.make(name)}
    with server.connect() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _everything(desk: Desk) -> list[object]:
    page = lists.page(desk, lists.Selection())
    return [
        *(show_ticket.show(desk, row.number) for row in page.rows),
        *(person_lookup.card(desk, one.ref) for one in person_lookup.everybody(desk)),
        person_lookup.customers(desk),
    ]


def _put_back(settings: Settings, file: Path) -> backups.Restored:
    return backups.restore(settings, file, replace=True, clock=lambda: MONDAY)


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")


def test_restoring_a_backup_reaches_connected_programs(
    worked: Desk, settings: Settings, tmp_path: Path
) -> None:
    before = _everything(worked)
    taken = backups.take(worked, tmp_path / "backup")
    assert taken.bytes == (tmp_path / "backup").stat().st_size > 0
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    do(worked, 1, Note("after the backup"))
    with pytest.raises(RefusedError, match="holds a desk: add --replace"):
        backups.restore(settings, tmp_path / "backup")
    _put_back(settings, tmp_path / "backup")
    assert _everything(worked) == before
    assert log_query.log_query(worked, NewQuery("goes on")).number == 3


def test_restoring_a_backup_creates_a_desk(
    worked: Desk, elsewhere: dict[str, str], engine: str, tmp_path: Path, clock: StillClock
) -> None:
    backups.take(worked, tmp_path / "backup")
    there = Settings(elsewhere[engine], worked.knowledge_dir)
    backups.restore(there, tmp_path / "backup")
    opened = open_desk(there, clock)
    assert _everything(opened) == _everything(worked)
    opened.close()
    other = Settings(elsewhere[{"sqlite": "postgresql", "postgresql": "sqlite"}[engine]], None)
    with pytest.raises(RefusedError, match="backup of the other engine"):
        backups.restore(other, tmp_path / "backup")


def test_only_the_newest_dated_backups_are_kept(
    worked: Desk, clock: StillClock, tmp_path: Path
) -> None:
    folder = tmp_path / "nightly"
    folder.mkdir()
    (folder / "helpdesk-notes.txt").write_text("mine")
    removed: list[str] = []
    for _ in range(4):
        removed += backups.take(worked, folder, keep=2).removed
        clock.advance(days=1)
    ending = ".db" if worked.database.file else ".dump"
    assert sorted(file.name for file in folder.iterdir()) == [
        f"helpdesk-2026-11-25T090000Z{ending}",
        f"helpdesk-2026-11-26T090000Z{ending}",
        "helpdesk-notes.txt",
    ]
    assert len(removed) == 2


def test_a_backup_replaces_no_file_but_an_earlier_one_of_the_same_desk(
    worked: Desk, elsewhere: dict[str, str], engine: str, tmp_path: Path, clock: StillClock
) -> None:
    target = tmp_path / "backup"
    backups.take(worked, target)
    backups.take(worked, target)
    other = open_desk(Settings(elsewhere[engine], worked.knowledge_dir), clock)
    before = target.read_bytes()
    with pytest.raises(RefusedError, match="is not a backup of this desk: name another file"):
        backups.take(other, target)
    other.close()
    assert target.read_bytes() == before
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(RefusedError, match="is not a backup of this desk"):
        backups.take(worked, notes)
    assert notes.read_text() == "mine"
    (tmp_path / "reserved").touch()  # as mktemp does
    backups.take(worked, tmp_path / "reserved")


def test_dated_backups_of_another_desk_in_the_same_folder_are_not_deleted(
    worked: Desk, elsewhere: dict[str, str], engine: str, tmp_path: Path, clock: StillClock
) -> None:
    other = open_desk(Settings(elsewhere[engine], worked.knowledge_dir), clock)
    theirs = backups.take(other, tmp_path / "nightly", keep=1)
    other.close()
    for _ in range(2):
        clock.advance(days=1)
        own = backups.take(worked, tmp_path / "nightly", keep=1)
    kept = {str(file) for file in (tmp_path / "nightly").iterdir()}
    assert kept == {theirs.path, own.path}


def test_a_restore_keeps_the_desk_that_it_replaces_and_knows_its_backup(
    worked: Desk, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    dated = Path(backups.take(worked, tmp_path / "nightly", keep=3).path)
    do(worked, 1, Note("after the backup"))
    replaced = _everything(worked)
    done = _put_back(settings, dated)
    assert done.kept is not None
    assert "before-restore" in done.kept
    found = {one.check: one for one in doctor.examine(settings)}["backups"]
    assert found.found.startswith(f"{dated}, ")
    last = Path(done.kept)
    backups.restore(settings, last, replace=True, keep_replaced=False, clock=lambda: MONDAY)
    assert _everything(worked) == replaced


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_damaged_desk_is_kept_as_it_is_when_it_is_replaced(
    worked: Desk, settings: Settings, tmp_path: Path
) -> None:
    backups.take(worked, tmp_path / "backup")
    before = _everything(worked)
    file = Path(worked.database.name)
    worked.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with file.open("r+b") as opened:
        opened.seek(40 * 4096)
        opened.write(b"\xff" * 4096 * 30)
    damaged = file.read_bytes()
    done = _put_back(settings, tmp_path / "backup")
    assert done.kept is not None
    assert Path(done.kept).read_bytes() == damaged
    opened_again = open_desk(settings, lambda: MONDAY)
    assert _everything(opened_again) == before
    opened_again.close()


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_backup_replaces_nothing_but_a_plain_file(
    worked: Desk, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "target"
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to(tmp_path / "elsewhere")
    before = target.lstat()
    with pytest.raises(RefusedError, match="not a plain file: name another file for the backup"):
        backups.take(worked, target)
    assert target.lstat().st_ino == before.st_ino
    assert not (tmp_path / "elsewhere").exists()


def test_a_backup_to_an_impossible_place_is_refused(worked: Desk, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is a folder: name a file, or add --keep"):
        backups.take(worked, tmp_path)
    with pytest.raises(UnavailableError, match=r"no/x cannot be written \(No such file"):
        backups.take(worked, tmp_path / "no" / "x")
    if worked.database.file:
        with pytest.raises(RefusedError, match="is the desk itself"):
            backups.take(worked, worked.database.file)


def test_an_earlier_backup_stays_if_the_new_one_is_incomplete(
    worked: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backup"
    backups.take(worked, target)
    before = target.read_bytes()

    def cut_short(file: Path, *_: object) -> None:
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 2)
        real(file, *_)

    from helpdesk.store.administration import backup as module

    real: Callable[..., None] = module.verify
    monkeypatch.setattr(module, "verify", cut_short)
    with pytest.raises(UnavailableError, match="no backup was taken, an earlier one is untouched"):
        backups.take(worked, target)
    assert target.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


def test_a_damaged_backup_is_not_restored(worked: Desk, settings: Settings, tmp_path: Path) -> None:
    backups.take(worked, tmp_path / "backup")
    with (tmp_path / "backup").open("r+b") as opened:
        opened.truncate(opened.seek(0, 2) * 2 // 3)
    before = _everything(worked)
    with pytest.raises(UnavailableError):
        _put_back(settings, tmp_path / "backup")
    (tmp_path / "text").write_text("no backup at all")
    with pytest.raises(UnavailableError):
        _put_back(settings, tmp_path / "text")
    with pytest.raises(UnavailableError, match="there is no backup"):
        _put_back(settings, tmp_path / "gone")
    assert _everything(worked) == before


def test_a_backup_is_of_one_moment_while_others_write(worked: Desk, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with worked.database.write() as session:
                mail = f"{number}@x.example"
                session.add(Requester(mail=mail, name=mail, customer_id=None))
                session.flush()
                session.add(Requester(mail=f"twin-{mail}", name=mail, customer_id=None))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups.take(worked, tmp_path / "backup")
    finally:
        stop.set()
        writer.join()
    if worked.database.file is None:
        return  # pg_dump guarantees a consistent archive
    with sqlite3.connect(tmp_path / "backup") as copy:
        single = "SELECT count(*) FROM requesters WHERE mail LIKE ? AND mail LIKE '%@x.example'"
        twins = copy.execute(single, ("twin-%",)).fetchone()[0]
        assert copy.execute(single, ("%",)).fetchone()[0] == 2 * twins


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_desk_is_copied_row_by_row(
    worked: Desk, to: str, elsewhere: dict[str, str], clock: StillClock
) -> None:
    progress: list[tuple[int, int]] = []
    moved = copy_desk.copy_to(worked, elsewhere[to], lambda done, of: progress.append((done, of)))
    assert (moved.tickets, moved.left_behind) == (2, 0)
    assert progress[-1] == (2 * moved.rows, 2 * moved.rows)
    opened = open_desk(Settings(elsewhere[to], worked.knowledge_dir), clock)
    assert _everything(opened) == _everything(worked)
    assert log_query.log_query(opened, NewQuery("goes on")).number == 3  # numbers continue
    opened.close()
    with pytest.raises(RefusedError, match="holds a desk already"):
        copy_desk.copy_to(worked, elsewhere[to])
    with pytest.raises(RefusedError, match="the database that the desk is in"):
        copy_desk.copy_to(worked, worked.database.url.render_as_string(hide_password=False))


def test_a_copied_or_restored_file_is_like_a_new_one(
    worked: Desk, settings: Settings, engine: str, tmp_path: Path
) -> None:
    """It is in WAL mode, and a new folder can be read by its owner only."""
    files = [tmp_path / "moved" / "here" / "desk.db"]
    copy_desk.copy_to(worked, f"sqlite:///{files[0]}")
    if engine == "sqlite":
        files.append(tmp_path / "restored" / "here" / "desk.db")
        backups.take(worked, tmp_path / "backup.db")
        backups.restore(Settings(f"sqlite:///{files[1]}", settings.kb), tmp_path / "backup.db")
    for file in files:
        with sqlite3.connect(file) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_copying_a_desk_leaves_the_rights_of_an_existing_folder(
    worked: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o2770)
    copy_desk.copy_to(worked, f"sqlite:///{folder / 'desk.db'}")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2770


def test_agents_without_the_right_are_refused(
    desk: Desk, desk_of: Callable[[str], Desk], tmp_path: Path
) -> None:
    bob = desk_of("bob")
    for refused in (
        lambda: backups.take(bob, tmp_path / "x"),
        lambda: copy_desk.copy_to(bob, str(tmp_path / "x")),
        lambda: list(integrity.check_all(bob)),
    ):
        with pytest.raises(NotPermittedError, match="bob"):
            refused()
    bob.close()


def _problems(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {check.name: check.problems for check in integrity.check_all(desk)}


def test_an_undamaged_desk_passes_all_checks(worked: Desk) -> None:
    assert set(_problems(worked).values()) == {()}


def test_a_clock_that_contradicts_its_timeline_is_found(worked: Desk) -> None:
    with worked.database.write() as session:
        session.execute(
            update(TicketClock)
            .where(TicketClock.ticket_id == 2, TicketClock.name == "resolution")
            .values(target_s=60)
        )
        session.execute(update(Ticket).where(Ticket.id == 1).values(due_rank=5))
    problems = _problems(worked)["clocks"]
    assert [words.split(":")[0] for words in problems] == ["HD-1", "HD-2"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_reference_to_a_missing_row_is_found(worked: Desk) -> None:
    with sqlite3.connect(worked.database.name) as connection:
        connection.execute("UPDATE ticket_events SET actor_id = 99 WHERE ticket_id = 1")
    assert _problems(worked)["references"] == (
        "ticket_events.actor_id names 3 rows of agents that are not there",
    )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("mail = 'M@fab.example' WHERE id = 3", ["the address of P-3 is not in lower case"]),
        (
            "mail = 'O@fab.example', search_text = ' m ortiz mortiz o O@fab.example ' WHERE id = 3",
            [
                "the address of P-3 is not in lower case",
                "P-4 has the address of P-3",
            ],
        ),
        ("mail = '' WHERE id = 2", ["P-2 has an empty address"]),
        (
            "search_text = '' WHERE id = 2",
            ["P-2 is not found by name, address and telephone number"],
        ),
        (
            "joined_to_id = 2 WHERE id = 3",
            [
                "P-2 is joined to P-3, and in the end to itself",
                "P-3 is joined to P-2, and in the end to itself",
                "P-4 is joined to P-3, and in the end to itself",
            ],
        ),
        (
            "joined_to_id = 4 WHERE id = 2",
            ["P-2 is joined to P-4, which is joined itself"],
        ),
        ("joined_to_id = 1 WHERE id = 1", ["P-1 is joined to P-1, and in the end to itself"]),
    ],
)
def test_a_record_of_a_person_that_breaks_a_rule_is_found(
    worked: Desk, change: str, found: list[str]
) -> None:
    with worked.database.restructure() as connection:
        connection.execute(text(f"UPDATE requesters SET {change}"))
    assert [one for one in _problems(worked)["people"] if one in found] == found
    for number in range(1, 5):  # a ring of joins does not keep anybody waiting for ever
        person_lookup.card(worked, f"P-{number}")


def test_no_two_people_have_one_address(worked: Desk) -> None:
    refused = (UnavailableError, ConflictError)
    with pytest.raises(refused), worked.database.write() as session:
        session.execute(update(Requester).where(Requester.id == 3).values(mail="o@fab.example"))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_damage_is_found(worked: Desk, settings: Settings, clock: StillClock) -> None:
    file = worked.database.name
    worked.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'requester_id, id', 'id, requester_id')"
            " WHERE name = 'ix_tickets_requester'"
        )
    opened = open_desk(settings, clock)
    assert _problems(opened)["integrity"] != ()
    opened.close()


def test_an_article_that_is_not_in_the_index_is_found(
    worked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked.library.refresh()
    monkeypatch.setattr(worked.library, "refresh", lambda: None)
    shutil.copy(
        worked.knowledge_dir / "vpn" / "keepalive.md", worked.knowledge_dir / "vpn" / "new.md"
    )
    assert _problems(worked)["search index"] == ("vpn/new.md is not in the index",)
