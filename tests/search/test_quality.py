"""How often real questions, as people word them, find their own answer."""

import random

import pytest

from helpdesk.search.embeddings import meaning
from helpdesk.search.searcher import Searcher
from tests.search.misspelling import misspell
from tests.search.real_questions import ARE_HERE, Asked, Real, load

pytestmark = pytest.mark.skipif(not ARE_HERE, reason="the folder of real questions is not here")

#: One of so many articles and questions: the benches take them all.
_EVERY = 5
#: Way → the least share of right answers that come first, and among the first five.
_LEAST = {"words": (0.75, 0.92), "meaning": (0.90, 0.98)}
_LEAST_MISSPELT = {"words": (0.72, 0.90), "meaning": (0.88, 0.97)}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """The questions and the knowledge base."""
    return load(tmp_path_factory.mktemp("real"), every=_EVERY)


@pytest.fixture(params=["words", "meaning"])
def way(request: pytest.FixtureRequest) -> str:
    """Without the extra, and with it."""
    return str(request.param)


@pytest.fixture
def searcher(real: Real, way: str) -> Searcher:
    """The search."""
    if way == "meaning" and meaning() is None:
        pytest.skip("the extra 'semantic' is not installed here")
    return Searcher(real.index, meaning) if way == "meaning" else Searcher(real.index)


def recall(searcher: Searcher, asked: Asked) -> tuple[float, float]:
    """Return the share of questions whose answer comes first, and among the first five."""
    first = five = 0
    for query, path in asked:
        hits = [hit.id for hit in searcher.search(query, scope="kb", limit=5).hits]
        first += path in hits[:1]
        five += path in hits
    return first / len(asked), five / len(asked)


def test_real_rewordings_find_their_article(real: Real, searcher: Searcher, way: str) -> None:
    first, five = recall(searcher, real.asked[::_EVERY])
    assert first >= _LEAST[way][0]
    assert five >= _LEAST[way][1]


def test_so_they_do_with_a_fifth_of_the_words_misspelt(
    real: Real, searcher: Searcher, way: str
) -> None:
    chance = random.Random(5)
    first, five = recall(
        searcher, [(misspell(query, chance), path) for query, path in real.asked[::_EVERY]]
    )
    assert first >= _LEAST_MISSPELT[way][0]
    assert five >= _LEAST_MISSPELT[way][1]


def test_nine_of_ten_marks_are_right_even_if_half_the_questions_have_no_answer(
    real: Real, searcher: Searcher
) -> None:
    right = marks = 0
    for place, (query, path) in enumerate(real.asked[::2]):
        hits = searcher.search(query, scope="kb", limit=5).hits
        # Of every second question the answer is taken away: a mark on what is left is wrong.
        if place % 2:
            hits = tuple(hit for hit in hits if hit.id != path)
        marked = [hit for hit in hits[:1] if hit.repeat]
        marks += len(marked)
        right += sum(hit.id == path for hit in marked)
    assert marks > len(real.asked) / 16
    assert right / marks >= 0.9
