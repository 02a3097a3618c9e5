"""The starter knowledge base, searched in German and French and by words alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.locations import shipped_folder
from helpdesk.search.hits import SearchHit
from helpdesk.search.indexing import refresh_articles, refresh_synonyms
from helpdesk.search.searcher import Searcher
from helpdesk.store.search.index import SearchIndex
from tests.search.unanswered import LANGUAGES, UNANSWERED

STARTER_KB = shipped_folder("kb")


ENGLISH = (
    "password reset",
    "printer ofline",
    "conection problem vpn",
    "mailbox full",
    "account locked out after too many wrong passwords",
    "internet gone",
    "excel shows strange characters",
    "laptop frezes all the time",
    "license expired",
    "nobody can hear me in the call",
)


def index_of(folder: Path, kb: Path) -> SearchIndex:
    """Return an index of the articles of a folder."""
    index = SearchIndex(folder / "index")
    refresh_articles(index, KnowledgeFolder(kb))
    refresh_synonyms(index, kb)
    return index


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A search of the starter knowledge base by words alone."""
    index = index_of(tmp_path_factory.mktemp("index"), STARTER_KB)
    yield Searcher(index)
    index.close()


def hits(searcher: Searcher, asked: str) -> tuple[SearchHit, ...]:
    """Return the articles for a query."""
    return searcher.search(asked, scope="kb", limit=5).hits


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("Passwort vergessen", "accounts/password-reset.md"),
        ("mot de passe oublié", "accounts/password-reset.md"),
        ("mot de passe oublie", "accounts/password-reset.md"),
        ("Pasword vergesen", "accounts/password-reset.md"),
        ("Konto ist gesperrt", "accounts/account-lockout.md"),
        ("compte bloqué", "accounts/account-lockout.md"),
        ("Drucker druckt nicht", "print/printer-or-queue.md"),
        ("imprimante hors ligne", "print/printer-or-queue.md"),
        ("Postfach ist voll", "mail/mailbox-full.md"),
        ("boîte mail pleine", "mail/mailbox-full.md"),
        ("Datei gelöscht", "data/restore-file.md"),
        ("fichier supprimé par erreur", "data/restore-file.md"),
        ("VPN geht nicht", "vpn/cannot-connect.md"),
        ("plus de connexion internet", "network/dns-no-internet.md"),
    ],
)
def test_german_and_french_words_find_their_article(
    starter: Searcher, asked: str, path: str
) -> None:
    assert hits(starter, asked)[0].id == path


@pytest.mark.parametrize("asked", ["Passwort vergessen", "mot de passe oublié"])
def test_an_alias_in_another_language_marks_a_repeat_issue(starter: Searcher, asked: str) -> None:
    first = hits(starter, asked)[0]
    assert first.repeat
    assert first.why[0] == asked.split()[0].casefold()


def test_queries_in_other_languages_without_an_answer_are_not_marked(starter: Searcher) -> None:
    marked = [asked for asked in LANGUAGES if any(hit.repeat for hit in hits(starter, asked))]
    assert marked == []


def test_the_snippet_of_a_german_query_is_german(starter: Searcher) -> None:
    assert "Passwort" in hits(starter, "Passwort vergessen")[0].snippet


def test_other_languages_change_nothing_for_english_queries(tmp_path: Path) -> None:
    english = tmp_path / "kb"
    for file in STARTER_KB.rglob("*.md"):
        copy = english / file.relative_to(STARTER_KB)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(without_translations(file.read_text("utf-8")), encoding="utf-8")
    (english / "synonyms").write_bytes((STARTER_KB / "synonyms").read_bytes())
    alone = Searcher(index_of(tmp_path, english))
    (tmp_path / "both").mkdir()
    both = Searcher(index_of(tmp_path / "both", STARTER_KB))
    for asked in (*ENGLISH, *(each for each in UNANSWERED if each not in LANGUAGES)):
        expected = [(hit.id, hit.score) for hit in hits(alone, asked)]
        assert [(hit.id, hit.score) for hit in hits(both, asked)] == expected, asked


def without_translations(text: str) -> str:
    """Return the text of an article without its aliases and answers in other languages."""
    text = re.sub(r"^aliases_[a-z]{2}:\n(?:  - .*\n)+", "", text, flags=re.MULTILINE)
    return re.sub(r"^## Answer \(.*?(?=^## )", "", text, flags=re.MULTILINE | re.DOTALL)
