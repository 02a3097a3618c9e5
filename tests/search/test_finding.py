"""What a search finds in the starter knowledge base and in tickets."""

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import UnavailableError
from helpdesk.search.query import parse_query
from helpdesk.store.search.ticket_documents import TicketDocs
from tests.verbs import do


def found(desk: Desk, text: str, scope: str = "all") -> list[str]:
    """Return the ids of the hits."""
    return [hit.id for hit in suggest(desk, text, scope, typing=False).hits]


@pytest.mark.parametrize(
    ("asked", "article"),
    [
        ("vpn drops evry ten minuts", "vpn/keepalive.md"),
        ("pasword forgoten", "accounts/password-reset.md"),
        ("printer is ofline", "print/printer-or-queue.md"),
        ("blocked out of my acount", "accounts/account-lockout.md"),
        ("0x80070643", "patching/patch-failed.md"),
        ("umlauts broken in csv", "data/csv-encoding.md"),
        ("internet gone", "network/dns-no-internet.md"),
        ("new phone authenticator", "mfa/new-phone.md"),
    ],
)
def test_misspelt_and_paraphrased_queries_find_their_article(
    desk: Desk, asked: str, article: str
) -> None:
    assert found(desk, asked, "kb")[0] == article


def test_corrections_are_reported(desk: Desk) -> None:
    answer = suggest(desk, "pasword forgoten", "kb", typing=False)
    assert "password" in answer.corrected
    assert any("→" in why for why in answer.hits[0].why)


def test_a_ticket_is_found_at_once_and_marked_only_when_answered(desk: Desk) -> None:
    ticket = log_query.log_query(desk, NewQuery("flurble makes a grinding noise", "model FX-200"))
    hit = suggest(desk, "flurble grinding noise", typing=False).hits[0]
    assert (hit.id, hit.repeat) == (ticket.ref, False)
    do(desk, ticket.number, Resolve("oil it"))
    hit = suggest(desk, "flurble grinding noise", typing=False).hits[0]
    assert (hit.id, hit.repeat) == (ticket.ref, True)
    assert "resolved" in hit.note


def test_a_duplicate_is_not_found_instead_of_its_original(desk: Desk) -> None:
    kept = log_query.log_query(desk, NewQuery("flurble is stuck"))
    found(desk, "flurble")
    log_query.log_query(desk, NewQuery("flurble is stuck as well"), duplicate_of=kept.number)
    assert found(desk, "flurble", "tickets") == [kept.ref]


def test_the_app_is_notified_when_an_incomplete_index_is_complete(desk: Desk, kb: Path) -> None:
    for number in range(300):
        (kb / f"z{number:03}.md").write_text(f"---\ntitle: Zorblax {number}\nkind: article\n---\n")
    complete = threading.Event()
    stop = desk.library.watch(complete.set)
    try:
        early = suggest(desk, "zorblax 299", "kb", typing=True)
        assert "z299.md" not in [hit.id for hit in early.hits]
        assert complete.wait(60)
        late = suggest(desk, "zorblax 299", "kb", typing=True)
        assert late.hits[0].id == "z299.md"
    finally:
        stop()


def test_a_database_error_while_the_index_is_completed_does_no_lasting_harm(
    desk: Desk, kb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        (kb / f"z{number:03}.md").write_text(f"---\ntitle: Zorblax {number}\nkind: article\n---\n")
    failed = threading.Event()
    latest = TicketDocs.latest

    def lost(docs: TicketDocs) -> int:
        if threading.current_thread().name != "index-filler":
            return latest(docs)
        failed.set()
        raise UnavailableError(
            "the database was lost in the middle, nothing was changed: try again."
        )

    uncaught: list[object] = []
    monkeypatch.setattr(threading, "excepthook", uncaught.append)
    complete = threading.Event()
    stop = desk.library.watch(complete.set)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(TicketDocs, "latest", lost)
            suggest(desk, "zorblax 299", "kb", typing=True)
            assert failed.wait(60)
            assert complete.wait(60)  # the app is notified, so that it searches again
        assert uncaught == []
        complete.clear()
        suggest(desk, "zorblax 299", "kb", typing=True)
        assert complete.wait(60)
        late = suggest(desk, "zorblax 299", "kb", typing=True)
        assert late.hits[0].id == "z299.md"
    finally:
        stop()


def test_new_moved_and_deleted_files_are_noticed(desk: Desk, kb: Path) -> None:
    assert found(desk, "zorblax", "kb") == []
    library = desk.library
    file = kb / "zorblax.md"
    file.write_text("---\ntitle: Zorblax fails\nkind: article\n---\n")
    library.look_again()
    assert found(desk, "zorblax", "kb") == ["zorblax.md"]
    (kb / "moved").mkdir()
    file.rename(kb / "moved" / "z.md")
    library.look_again()
    assert found(desk, "zorblax", "kb") == ["moved/z.md"]
    (kb / "moved" / "z.md").unlink()
    library.look_again()
    assert found(desk, "zorblax", "kb") == []


def test_a_draft_is_not_found(desk: Desk, kb: Path) -> None:
    (kb / "draft.md").write_text("---\ntitle: Zorblax\nkind: article\nstatus: draft\n---\n")
    assert found(desk, "zorblax", "kb") == []


@pytest.mark.parametrize("damage", ["delete", "garbage", "half"])
def test_a_lost_or_damaged_index_is_rebuilt(desk: Desk, damage: str) -> None:
    assert found(desk, "vpn drops after idle", "kb")[0] == "vpn/keepalive.md"
    file = next(Path(desk.database.name).parent.glob("desk.db-search-????????"))
    if damage == "delete":
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = file.stat().st_size
        file.write_bytes(
            b"garbage" * 1000 if damage == "garbage" else file.read_bytes()[: size // 2]
        )
    assert found(desk, "vpn drops after idle", "kb")[0] == "vpn/keepalive.md"


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Größe der Datei überschritten", "groesse ueberschritten datei"),
        ("Größe der Datei überschritten", "grösse uberschritten"),
        ("Écran gelé après mise à jour", "ecran gele mise a jour"),
        ("Принтер не печатает", "принтер печатает"),
        ("打印机无法打印文件", "打印机打印"),
        ("プリンターが動かない", "プリンター 動かない"),
    ],
)
def test_titles_in_other_languages_are_found(desk: Desk, kb: Path, title: str, asked: str) -> None:
    (kb / "foreign.md").write_text(f"---\ntitle: {title}\nkind: article\n---\n", encoding="utf-8")
    assert "foreign.md" in found(desk, asked, "kb")[:1]


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "?!.,;", "the of and", '"', "*", "NEAR", "AND OR NOT", "-", "a:b", "title:x"),
        *("x" * 10_000, "word " * 5_000, "\x00\x1b[31m\x9b", "'); DROP TABLE docs; --", "(((", "^"),
    ],
)
def test_any_text_is_a_valid_query(desk: Desk, text: str) -> None:
    for typing in (True, False):
        assert len(suggest(desk, text, typing=typing, limit=3).hits) <= 3


@given(st.text(max_size=60), st.booleans())
def test_terms_consist_of_letters_and_digits(text: str, typing: bool) -> None:
    query = parse_query(text, typing=typing)
    assert all(term.isalnum() or not term.isascii() for term in query.terms)
    assert '"' not in "".join(query.terms)
    assert query.typing in ("", *query.terms)


def test_many_threads_search_while_articles_change(desk: Desk, kb: Path) -> None:
    wrong: list[str] = []

    def search() -> None:
        for _ in range(15):
            hits = found(desk, "vpn disconnects after idle", "kb")
            if hits[:1] != ["vpn/keepalive.md"]:
                wrong.append(str(hits[:1]))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        (kb / "changing.md").write_text(f"---\ntitle: Change {number}\nkind: article\n---\n")
        desk.library.look_again()
    for thread in threads:
        thread.join()
    assert wrong == []
