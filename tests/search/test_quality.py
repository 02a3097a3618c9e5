"""How often real questions, as people word them, find their own answer."""

import json
import random
import tarfile
from pathlib import Path

import pytest

from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.search.refresh import refresh_articles
from helpdesk.search.searcher import Searcher
from helpdesk.store.search_index import SearchIndex
from tests.search.misspelling import misspell

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (DATA / "repeat-issues.jsonl").exists(), reason="the folder of real questions is not here"
)

Asked = list[tuple[str, str]]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Asked]:
    """The questions' answers among some 2,500 real support articles, and the questions."""
    folder = tmp_path_factory.mktemp("real")
    kb = folder / "kb"
    with tarfile.open(DATA / "kb-office.tar.gz") as archive:
        archive.extractall(kb, filter="data")
    asked: Asked = []
    for line in (DATA / "repeat-issues.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        path = f"faq/{entry['id']}.md"
        (kb / "faq").mkdir(exist_ok=True)
        head = json.dumps(entry["title"])
        (kb / path).write_text(f"---\ntitle: {head}\n---\n{entry['body']}", encoding="utf-8")
        asked += [(query, path) for query in entry["queries"]]
    index = SearchIndex(folder / "index")
    refresh_articles(index, KnowledgeFolder(kb))
    return Searcher(index), asked


def recall(searcher: Searcher, asked: Asked) -> tuple[float, float]:
    """Return the share of questions whose answer comes first, and among the first five."""
    first = five = 0
    for query, path in asked:
        hits = [hit.id for hit in searcher.search(query, scope="kb", limit=5).hits]
        first += path in hits[:1]
        five += path in hits
    return first / len(asked), five / len(asked)


def test_real_rewordings_find_their_article(real: tuple[Searcher, Asked]) -> None:
    first, five = recall(*real)
    assert first >= 0.75
    assert five >= 0.92


def test_so_they_do_with_a_fifth_of_the_words_misspelt(real: tuple[Searcher, Asked]) -> None:
    searcher, asked = real
    chance = random.Random(5)
    first, five = recall(searcher, [(misspell(query, chance), path) for query, path in asked])
    assert first >= 0.72
    assert five >= 0.90


def test_nine_of_ten_marks_are_right_even_if_half_the_questions_have_no_answer(
    real: tuple[Searcher, Asked],
) -> None:
    searcher, asked = real
    right = marks = 0
    for place, (query, path) in enumerate(asked):
        hits = searcher.search(query, scope="kb", limit=5).hits
        # Of every second question the answer is taken away: a mark on what is left is wrong.
        if place % 2:
            hits = tuple(hit for hit in hits if hit.id != path)
        marked = [hit for hit in hits[:1] if hit.repeat]
        marks += len(marked)
        right += sum(hit.id == path for hit in marked)
    assert marks > len(asked) / 8
    assert right / marks >= 0.9
