"""How often real questions in the words of users find their answer."""

import random

import pytest

from helpdesk.search.embeddings import embedding_model
from helpdesk.search.searcher import Searcher
from tests.search.misspelling import misspell
from tests.search.real_questions import AVAILABLE, Asked, Real, load

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the real questions are not installed")

#: Use every n-th article and question only; the benchmarks use all.
_EVERY = 5
#: For each method the minimum share of right answers that come first, and among the first five.
_MIN = {"words": (0.75, 0.92), "meaning": (0.90, 0.98)}
_MIN_MISSPELT = {"words": (0.72, 0.90), "meaning": (0.88, 0.97)}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """The questions and the knowledge base."""
    return load(tmp_path_factory.mktemp("real"), every=_EVERY)


@pytest.fixture(params=["words", "meaning"])
def method(request: pytest.FixtureRequest) -> str:
    """The method: without the extra ``semantic`` (words) and with it (meaning)."""
    return str(request.param)


@pytest.fixture
def searcher(real: Real, method: str) -> Searcher:
    """A searcher with this method."""
    if method == "meaning" and embedding_model() is None:
        pytest.skip("the extra 'semantic' is not installed here")
    return Searcher(real.index, embedding_model) if method == "meaning" else Searcher(real.index)


def recall(searcher: Searcher, asked: Asked) -> tuple[float, float]:
    """Return the share of questions whose answer comes first, and among the first five."""
    first = five = 0
    for query, path in asked:
        hits = [hit.id for hit in searcher.search(query, scope="kb", limit=5).hits]
        first += path in hits[:1]
        five += path in hits
    return first / len(asked), five / len(asked)


def test_real_rewordings_find_their_article(real: Real, searcher: Searcher, method: str) -> None:
    first, five = recall(searcher, real.asked[::_EVERY])
    assert first >= _MIN[method][0]
    assert five >= _MIN[method][1]


def test_rewordings_with_a_fifth_of_the_words_misspelt_find_their_article(
    real: Real, searcher: Searcher, method: str
) -> None:
    chance = random.Random(5)
    first, five = recall(
        searcher, [(misspell(query, chance), path) for query, path in real.asked[::_EVERY]]
    )
    assert first >= _MIN_MISSPELT[method][0]
    assert five >= _MIN_MISSPELT[method][1]


def test_nine_of_ten_marks_are_right_even_if_half_the_questions_have_no_answer(
    real: Real, searcher: Searcher
) -> None:
    right = marks = 0
    for place, (query, path) in enumerate(real.asked[::2]):
        hits = searcher.search(query, scope="kb", limit=5).hits
        # The right answer to every second question is removed: a mark on another hit is wrong.
        if place % 2:
            hits = tuple(hit for hit in hits if hit.id != path)
        marked = [hit for hit in hits[:1] if hit.repeat]
        marks += len(marked)
        right += sum(hit.id == path for hit in marked)
    assert marks > len(real.asked) / 16
    assert right / marks >= 0.9
