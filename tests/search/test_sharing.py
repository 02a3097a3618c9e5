"""One index for many processes: built by the first, and replaced while others use it."""

import multiprocessing
import os
import sqlite3
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from helpdesk.desk.opening import open_desk
from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.resolving import resolve_with
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.search.indexing import refresh_articles, refresh_tickets
from helpdesk.store.search.documents import ARTICLE, TICKET, Doc
from helpdesk.store.search.index import BusyIndexError, SearchIndex
from tests.verbs import do

_PROCESSES = 20


def found(desk: Desk, text: str, scope: str = "kb") -> list[str]:
    """Return the ids of the hits."""
    return [hit.id for hit in suggest(desk, text, scope, typing=False).hits]


def index_files(desk: Desk) -> list[Path]:
    """Return the files of the index: the database and its WAL files."""
    return list(desk.library.index.file.parent.glob(f"{desk.library.index.file.name}*"))


def _search(settings: Settings, results: "Queue[str]") -> None:
    desk = open_desk(settings)
    for _ in range(3):
        results.put(str(found(desk, "vpn disconnects after idle")[:1]))
    desk.close()


def test_twenty_processes_search_while_the_index_is_rebuilt(desk: Desk, settings: Settings) -> None:
    assert found(desk, "vpn disconnects after idle")[0] == "vpn/keepalive.md"
    fork = multiprocessing.get_context("fork")
    results: Queue[str] = fork.Queue()
    some = [fork.Process(target=_search, args=(settings, results)) for _ in range(_PROCESSES)]
    for file in index_files(desk):
        file.unlink()
    for process in some:
        process.start()
    answers = [results.get(timeout=120) for _ in range(3 * _PROCESSES)]
    for process in some:
        process.join(60)
        assert process.exitcode == 0
    assert set(answers) == {"['vpn/keepalive.md']"}


def test_one_app_finds_what_another_has_indexed(desk: Desk, settings: Settings, kb: Path) -> None:
    other = open_desk(settings)
    assert found(other, "zorblax") == []
    (kb / "z.md").write_text("---\ntitle: Zorblax fails\nkind: article\n---\n")
    desk.library.look_again()
    assert found(desk, "zorblax") == ["z.md"]
    assert found(other, "zorblax") == ["z.md"]
    other.close()


def test_the_last_good_version_of_a_broken_file_stays_findable(desk: Desk, kb: Path) -> None:
    file = kb / "z.md"
    file.write_text("---\ntitle: Zorblax fails\nkind: article\n---\nOil it.\n")
    assert found(desk, "zorblax") == ["z.md"]
    file.write_text("---\ntitle: [Zorblax\nkind: article\n---\nOil")
    desk.library.look_again()
    assert found(desk, "zorblax oil") == ["z.md"]
    with desk.library.index.read() as reader:
        assert "z.md" in reader.errors()
    file.write_text("---\ntitle: Quuxified\nkind: article\n---\n")
    desk.library.look_again()
    assert found(desk, "quuxified") == ["z.md"]
    assert "z.md" not in found(desk, "zorblax")


def test_two_files_with_one_title_are_both_found(desk: Desk, kb: Path) -> None:
    for name in ("z1.md", "z2.md"):
        (kb / name).write_text("---\ntitle: Zorblax fails\nkind: article\n---\n")
    assert set(found(desk, "zorblax fails")[:2]) == {"z1.md", "z2.md"}


def test_a_link_out_of_the_folder_is_not_found_and_a_yaml_bomb_does_no_harm(
    desk: Desk, kb: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("---\ntitle: Zorblax secret\nkind: article\n---\n")
    (kb / "link.md").symlink_to(outside)
    levels = "\n".join(f"k{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))
    (kb / "bomb.md").write_text(f"---\ntitle: Zorblax bomb\nk0: &a0 x\n{levels}\n---\n")
    assert found(desk, "zorblax") == []
    assert [finding.path for finding in desk.library.folder.refused()] == ["link.md"]
    with desk.library.index.read() as reader:
        assert "anchors" in reader.errors()["bomb.md"]


class Tickets:
    """A fake source of six tickets, in three batches."""

    def latest(self) -> int:
        """Return 1: there is one event."""
        return 1

    def mark(self, event: int) -> str:
        """Return the number: no other event ever has it."""
        return str(event)

    def after(self, last: str) -> list[Doc]:
        """Return the next two tickets."""
        first = int(last or 0) + 1
        return [Doc(TICKET, str(n), f"flurble {n}", "") for n in range(first, min(first + 2, 7))]

    def changed_since(self, mark: int) -> list[list[Doc]]:
        """Return nothing: no ticket has changed."""
        return []


def test_a_first_filling_continues_where_another_process_stopped(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    past = 0.0  # a time in the past: no second piece is begun
    assert not refresh_tickets(index, Tickets(), past)
    with index.write() as writer:
        writer.put([Doc(TICKET, "1", "flurble 1", ""), Doc(TICKET, "2", "flurble 2", "")])
        writer.set_note("tickets_filled", "2")
    assert refresh_tickets(SearchIndex(tmp_path / "index"), Tickets())
    with index.read() as reader:
        assert reader.count(TICKET) == 6
    assert refresh_tickets(index, Tickets(), past)


def test_a_process_that_waits_for_a_writer_gives_up_and_can_search(tmp_path: Path) -> None:
    index, other = SearchIndex(tmp_path / "index"), SearchIndex(tmp_path / "index")
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "a.md", "Zorblax", "")])
        with pytest.raises(BusyIndexError), other.write():
            pass
        with other.read() as reader:
            assert reader.count(ARTICLE) == 0


def test_an_index_that_another_process_has_rebuilt_is_kept(tmp_path: Path) -> None:
    index, other = SearchIndex(tmp_path / "index"), SearchIndex(tmp_path / "index")
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "a.md", "Zorblax", "")])
    with other.read() as reader:
        assert reader.count(ARTICLE) == 1
    with sqlite3.connect(tmp_path / "index") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.truncate(tmp_path / "index", 5000)
    with pytest.raises(sqlite3.DatabaseError), index.read() as reader:
        reader.docs(ARTICLE)
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "b.md", "Zorblax", "")])
    with other.read() as reader:
        assert [doc.ref for doc in reader.docs(ARTICLE)] == ["b.md"]


def test_an_article_that_answered_a_similar_ticket_comes_first(desk: Desk, kb: Path) -> None:
    for name in ("z1.md", "z2.md"):
        (kb / name).write_text(f"---\ntitle: Zorblax fails\nkind: article\n---\n{name}\n")
    last = found(desk, "zorblax fails")[1]
    ticket = log_query.log_query(desk, NewQuery("the zorblax fails again"))
    do(desk, ticket.number, resolve_with(desk, "oiled", last))
    assert found(desk, "zorblax fails")[0] == last


def test_a_change_of_state_keeps_the_vectors_of_the_title(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    with index.write() as writer:
        writer.put([Doc(TICKET, "HD-1", "flurble", "", status="open")])
        (number,) = (one.number for one in writer.candidates(TICKET, '"flurble"', 5))
        writer.put_vectors("m", number, [b"1234"])
    with index.write() as writer:
        writer.put([Doc(TICKET, "HD-1", "flurble", "", status="closed")])
        assert writer.vectors_of([number], "m", 4) == [(number, b"1234")]
        assert writer.candidates(TICKET, '"flurble"', 5)[0].doc.status == "closed"
        writer.put([Doc(TICKET, "HD-1", "grumble", "", status="closed")])
        assert writer.vectors_of([number], "m", 4) == []
        assert not writer.matches_anything(TICKET, '"flurble"')


def test_an_unreadable_folder_leaves_the_index_as_it_is(tmp_path: Path) -> None:
    from helpdesk.knowledge.folder import KnowledgeFolder

    kb = tmp_path / "kb"
    kb.mkdir()
    (kb / "a.md").write_text("# Zorblax\n")
    index = SearchIndex(tmp_path / "index")
    refresh_articles(index, KnowledgeFolder(kb))
    kb.rename(tmp_path / "away")
    refresh_articles(index, KnowledgeFolder(kb))
    with index.read() as reader:
        assert reader.count(ARTICLE) == 1
