"""Synonyms from the knowledge base's file; codes, paths and quoted phrases."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.knowledge.synonyms import NAME, read_synonyms
from helpdesk.search.query import parse_query
from helpdesk.search.searcher import Searcher
from helpdesk.store.search.documents import ARTICLE, Doc
from helpdesk.store.search.index import SearchIndex


def found(desk: Desk, text: str) -> list[str]:
    """Return the paths of the articles found."""
    return [hit.id for hit in suggest(desk, text, "kb", typing=False).hits]


def write(kb: Path, name: str, title: str, body: str = "") -> None:
    """Write an article into the knowledge base."""
    (kb / name).write_text(f"---\ntitle: {title}\nkind: article\n---\n{body}\n")


def test_a_synonym_finds_an_article_without_the_word(desk: Desk, kb: Path) -> None:
    write(kb, "z.md", "Grumbling zorblax")
    (kb / NAME).write_text("# ours\nzorblax, quuxmachine, big blue box\n")
    for asked in ("quuxmachine", "the big blue box"):
        hit = suggest(desk, asked, "kb", typing=False).hits[0]
        assert hit.id == "z.md"
        assert any(why.endswith("→zorblax") for why in hit.why)


def test_a_change_of_the_file_takes_effect_at_once(desk: Desk, kb: Path) -> None:
    write(kb, "z.md", "Grumbling zorblax")
    assert "z.md" not in found(desk, "quuxmachine")
    (kb / NAME).write_text("zorblax, quuxmachine\n")
    desk.library.look_again()
    assert found(desk, "quuxmachine")[0] == "z.md"
    (kb / NAME).unlink()
    desk.library.look_again()
    assert "z.md" not in found(desk, "quuxmachine")


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"alone\n", 1, "two words or more"),
        (b"# x\n\na, b\nc, a\n", 4, "in the group of line 3"),
        (b"a, one two three four five six seven\n", 1, "more than six words"),
        (b"a, \xff\n", 1, "not UTF-8"),
        (b",,, !\n", 1, "two words or more"),
    ],
)
def test_mistakes_in_the_file_are_named(
    tmp_path: Path, content: bytes, line: int, said: str
) -> None:
    (tmp_path / NAME).write_bytes(content)
    _, (mistake,) = read_synonyms(tmp_path)
    assert (mistake.path, mistake.line, said in mistake.message) == (NAME, line, True)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("a, b\n")
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / NAME).symlink_to(tmp_path / "elsewhere")
    groups, (mistake,) = read_synonyms(tmp_path / "kb")
    assert (groups, "leads out" in mistake.message) == ((), True)


@given(st.binary(max_size=200))
def test_any_content_of_the_file_is_read_or_reported(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / NAME).write_bytes(content)
        groups, _ = read_synonyms(Path(folder))
    assert all(len(group) > 1 for group in groups)


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    """A searcher over articles that differ in codes only."""
    index = SearchIndex(tmp_path / "index")
    with index.write() as writer:
        writer.put(
            [
                Doc(ARTICLE, "a.md", "Update fails with an error", "It says 0x80070643."),
                Doc(ARTICLE, "b.md", "Update error", "update error update fails 0x80070005"),
                Doc(ARTICLE, "c.md", "Client 4.2.1 crashes", r"see C:\Temp\client.log"),
                Doc(ARTICLE, "d.md", "Client crashes", "versions 4 and 2, and 1; C: Temp"),
                Doc(ARTICLE, "e.md", "Printer queue is stuck", "the print queue is stuck today"),
                Doc(ARTICLE, "f.md", "Stuck: is the printer in the queue", "stuck"),
            ]
        )
    return Searcher(index)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("update error fails 0x80070643", "a.md"),
        ("update error fails 0x80070005", "b.md"),
        ("client crashes 4.2.1", "c.md"),
        (r"client crashes, C:\Temp\client.log", "c.md"),
    ],
)
def test_the_article_with_the_code_comes_first(searcher: Searcher, asked: str, first: str) -> None:
    assert searcher.search(asked).hits[0].id == first


def test_a_quoted_phrase_is_found_unchanged(searcher: Searcher) -> None:
    assert [hit.id for hit in searcher.search('"queue is stuck" printer').hits] == ["e.md"]
    assert searcher.search('"stuck queue is"').hits == ()
    assert len(searcher.search('queue is "stuck').hits) == 2  # an open quote is no quote


@given(st.text(max_size=100))
def test_codes_and_phrases_are_words(text: str) -> None:
    query = parse_query(text)
    for part in (*query.codes, *query.phrases):
        assert part
        assert '"' not in part
