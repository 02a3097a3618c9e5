"""The search by meaning: same meaning in other words, computed once, optional."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search import meaning as module
from helpdesk.search.meaning import MODEL, SIZE, Meaning, meaning
from helpdesk.search.refresh import refresh_meanings
from helpdesk.search.searcher import Searcher
from helpdesk.store.search_index import ARTICLE, Doc, SearchIndex

_DOCS = [
    Doc(ARTICLE, "a.md", "Sign-in fails, credentials refused", "Enter the right ones."),
    Doc(ARTICLE, "b.md", "Paper jam in the copier", "Open the tray."),
    Doc(ARTICLE, "c.md", "Order a spare charger", "Fill in the form."),
    Doc(ARTICLE, "d.md", "Draft about logging in", "Not yet.", status="draft"),
]


@pytest.fixture
def vectors() -> Meaning:
    """The vectors, which the tests' environment has."""
    found = meaning()
    assert found is not None
    return found


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    """An index that a process without the extra has filled."""
    made = SearchIndex(tmp_path / "index")
    with made.write() as writer:
        writer.put(_DOCS)
    return made


def test_what_shares_no_word_with_the_query_is_found(index: SearchIndex, vectors: Meaning) -> None:
    asked = "authentication error, wrong password pin"
    assert Searcher(index).search(asked).hits == ()
    refresh_meanings(index, vectors)
    hits = Searcher(index, meaning).search(asked).hits
    assert hits[0].id == "a.md"
    assert hits[0].why == ()
    assert "d.md" not in [hit.id for hit in hits]


def test_an_alias_means_as_much_as_the_title(index: SearchIndex, vectors: Meaning) -> None:
    alias = "Notebook does not charge"
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "p.md", "Power supply", "Exchange it.", aliases=("x", alias))])
    refresh_meanings(index, vectors)
    searcher = Searcher(index, meaning)
    assert searcher.search("notebook not charging").hits[0].id == "p.md"
    with index.read() as reader:
        assert [ref for ref, _ in reader.vectors(ARTICLE, MODEL, SIZE)].count("p.md") == 3


def test_vectors_are_computed_once_and_anew_when_a_text_changes(
    index: SearchIndex, vectors: Meaning
) -> None:
    assert refresh_meanings(index, vectors)
    assert not refresh_meanings(index, vectors)
    with index.read() as reader:
        before = dict(reader.vectors(ARTICLE, MODEL, SIZE))
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "b.md", "The coffee machine is empty", "Fill it.")])
        writer.drop(ARTICLE, ["c.md"])
    assert refresh_meanings(index, vectors)
    with index.read() as reader:
        after = dict(reader.vectors(ARTICLE, MODEL, SIZE))
    assert set(after) == {"a.md", "b.md", "d.md"}
    assert after["a.md"] == before["a.md"]
    assert after["b.md"] != before["b.md"]


def test_vectors_of_another_model_are_not_compared_with(
    index: SearchIndex, vectors: Meaning
) -> None:
    with index.write() as writer:
        writer.put_vectors("other/1", [(1, [b"\0" * 512])])
        assert writer.vectors(ARTICLE, MODEL, SIZE) == []
    assert refresh_meanings(index, vectors)
    with index.read() as reader:
        assert len(reader.vectors(ARTICLE, MODEL, SIZE)) == len(_DOCS)


@pytest.mark.parametrize("text", ["zorblax", "xyzzy", "football match tonight", "0x80070643", "4"])
def test_what_means_nothing_here_finds_nothing(
    index: SearchIndex, vectors: Meaning, text: str
) -> None:
    refresh_meanings(index, vectors)
    assert Searcher(index, meaning).search(text).hits == ()


@given(st.lists(st.text(max_size=3000), min_size=1, max_size=4))
def test_any_text_has_a_vector_of_length_one_or_none(texts: list[str]) -> None:
    vectors = meaning()
    assert vectors is not None
    rows = vectors.vectors(texts)
    for row in rows:
        assert abs(float((row**2).sum()) - 1) < 1e-3 or not row.any()
    again = vectors.unpacked(vectors.packed(rows))
    assert float(abs(again - rows).max()) < 1e-3


def test_the_weights_are_mapped_and_not_copied(vectors: Meaning) -> None:
    import numpy

    assert isinstance(vectors._table, numpy.memmap)
    assert vectors._table.mode == "r"


@pytest.mark.parametrize("broken", ["absent", "empty", "other"])
def test_without_a_usable_extra_the_search_goes_by_words(
    index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    package = tmp_path / "wordllama"
    weights = package / module._WEIGHTS
    weights.parent.mkdir(parents=True)
    if broken == "empty":
        weights.write_bytes(b"")
    elif broken == "other":
        weights.write_bytes((2).to_bytes(8, "little") + b"{}")

    class Found:
        origin = str(package / "__init__.py")

    monkeypatch.setattr(module, "_loaded", [])
    monkeypatch.setattr(module, "find_spec", lambda name: None if broken == "absent" else Found())
    assert meaning() is None
    hits = Searcher(index, meaning).search("paper jam").hits
    assert [hit.id for hit in hits] == ["b.md"]


def test_a_damaged_vector_is_no_end_of_the_search(index: SearchIndex, vectors: Meaning) -> None:
    refresh_meanings(index, vectors)
    with index.write() as writer:
        writer.put_vectors(MODEL, [(2, [b"short"])])
    assert Searcher(index, meaning).search("paper jam").hits[0].id == "b.md"
