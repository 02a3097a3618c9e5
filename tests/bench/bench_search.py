"""The quality and speed of the search.

Run with ``pytest tests/bench/bench_search.py -m bench -s``.  Each search method answers the same
real questions over the same articles: unchanged, with a fifth of the words misspelt, and shortened
to their first three and five words.  It also measures the marks "probably a repeat", the time with
100,000 tickets, and the memory of several processes that search.
"""

import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import extract

from helpdesk.domain.text_words import words
from helpdesk.search.embeddings import embedding_model
from helpdesk.search.query import parse_query
from helpdesk.search.searcher import Searcher
from helpdesk.store.search.documents import ARTICLE, TICKET, Doc
from helpdesk.store.search.index import SearchIndex
from tests.search.misspelling import misspell
from tests.search.real_questions import AVAILABLE, Asked, Real, load

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not AVAILABLE, reason="the folder of real questions is not here"),
]

#: A search method: returns the paths of articles for a question, best first.
Method = Callable[[str], list[str]]
_TICKETS = 100_000
_PROCESSES = 6


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """The real questions and the knowledge base with their answers."""
    return load(tmp_path_factory.mktemp("real"))


def texts(real: Real) -> dict[str, tuple[str, str]]:
    """Return (title, body) of every article by path."""
    with real.index.read() as reader:
        refs = [doc.ref for doc in reader.docs(ARTICLE)]
        docs = [
            doc
            for start in range(0, len(refs), 500)
            for doc in reader.documents(ARTICLE, refs[start : start + 500])
        ]
    return {doc.ref: (doc.title, doc.body) for doc in docs}


def fuzzy(articles: dict[str, tuple[str, str]]) -> Method:
    """RapidFuzz's token set ratio over the titles."""
    titles = {path: " ".join(words(title)) for path, (title, _) in articles.items()}

    def answer(query: str) -> list[str]:
        found = extract(" ".join(words(query)), titles, scorer=token_set_ratio, limit=10)
        return [path for *_, path in found]

    return answer


def full_text(articles: dict[str, tuple[str, str]], tokenizer: str, rank: str) -> Method:
    """FTS5 with a tokenizer, by any of the significant words."""
    table = sqlite3.connect(":memory:")
    table.execute(
        f"CREATE VIRTUAL TABLE found USING fts5(path UNINDEXED, title, body, "
        f"tokenize='{tokenizer}')"
    )
    table.executemany(
        "INSERT INTO found VALUES (?, ?, ?)",
        [(path, title, body) for path, (title, body) in articles.items()],
    )

    def answer(query: str) -> list[str]:
        terms = [term for term in parse_query(query).terms if len(term) > 2] or ["xxx"]
        match = " OR ".join(f'"{term}"' for term in terms)
        rows = table.execute(
            f"SELECT path FROM found WHERE found MATCH ? ORDER BY {rank} LIMIT 10", (match,)
        )
        return [path for (path,) in rows]

    return answer


def fzf(articles: dict[str, tuple[str, str]]) -> Method:
    """``fzf --filter`` over the titles, with the unchanged query."""
    lines = "\n".join(f"{path}\t{title}" for path, (title, _) in articles.items())

    def answer(query: str) -> list[str]:
        done = subprocess.run(
            ["fzf", "--filter", query, "--delimiter", "\t", "--nth", "2.."],
            input=lines, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [line.partition("\t")[0] for line in done.stdout.splitlines()[:10]]

    return answer


def ours(searcher: Searcher) -> Method:
    """The search of this program."""

    def answer(query: str) -> list[str]:
        found = searcher.search(query, scope="kb", limit=10)
        return [hit.id for hit in found.hits]

    return answer


def figures(method: Method, asked: Asked) -> str:
    """Return recall at 1, 5 and 10, mean reciprocal rank, and times (p50, p95 in ms) as text."""
    places, milliseconds = [], []
    for query, path in asked:
        begun = time.perf_counter()
        found = method(query)
        milliseconds.append((time.perf_counter() - begun) * 1000)
        places.append(found.index(path) + 1 if path in found else 0)
    at = [sum(0 < place <= most for place in places) / len(places) for most in (1, 5, 10)]
    mrr = sum(1 / place for place in places if place) / len(places)
    milliseconds.sort()
    return (
        f"{at[0]:.3f} {at[1]:.3f} {at[2]:.3f}  {mrr:.3f}  "
        f"{statistics.median(milliseconds):6.1f} "
        f"{milliseconds[int(len(milliseconds) * 0.95)]:6.1f}"
    )


def test_quality_against_other_methods(real: Real) -> None:
    articles = texts(real)
    chance = random.Random(5)
    sets = {
        "clean": real.asked,
        "misspelt": [(misspell(query, chance), path) for query, path in real.asked],
        "first 5": [(" ".join(query.split()[:5]), path) for query, path in real.asked],
        "first 3": [(" ".join(query.split()[:3]), path) for query, path in real.asked],
    }
    methods: dict[str, Method] = {
        "by meaning": ours(Searcher(real.index, embedding_model)),
        "by words": ours(Searcher(real.index)),
        "RapidFuzz": fuzzy(articles),
        "FTS5 BM25": full_text(articles, "porter unicode61", "bm25(found, 0, 4, 1)"),
        "FTS5 trigram": full_text(articles, "trigram", "rank"),
    }
    if shutil.which("fzf"):
        methods["fzf --filter"] = fzf(articles)
    else:
        print("\nfzf is not installed: left out")
    print(f"\n{len(real.asked)} questions, {len(articles):,} articles (fzf: every fifth question)")
    print("                        R@1   R@5   R@10   MRR    p50 ms p95")
    for name, asked in sets.items():
        for label, method in methods.items():
            some = asked[::5] if label.startswith("fzf") else asked
            print(f"{name:9} {label:13} {figures(method, some)}")


def test_marks(real: Real) -> None:
    print("\nmarks, half of the questions without an answer: right, of answered questions marked")
    for name, searcher in (
        ("by meaning", Searcher(real.index, embedding_model)),
        ("by words", Searcher(real.index)),
    ):
        right = marks = 0
        for place, (query, path) in enumerate(real.asked):
            hits = searcher.search(query, scope="kb", limit=5).hits
            if place % 2:  # the answer is taken away
                hits = tuple(hit for hit in hits if hit.id != path)
            marks += bool(hits and hits[0].repeat)
            right += bool(hits and hits[0].repeat and hits[0].id == path)
        print(f"{name:10} {right / marks:.3f} of {marks}, {right / (len(real.asked) / 2):.3f}")


def test_latency_over_articles_and_a_hundred_thousand_tickets(real: Real, tmp_path: Path) -> None:
    chance = random.Random(1)
    pieces = [query.split() for query, _ in real.asked]
    with real.index.write() as writer:
        writer.put(_tickets(chance, pieces))
    for name, searcher in (
        ("by words", Searcher(real.index)),
        ("by meaning", Searcher(real.index, embedding_model)),
    ):
        searcher.search("warm up")
        taken = sorted(searcher.search(query, typing=True).ms for query, _ in real.asked)
        p95 = taken[int(len(taken) * 0.95)]
        print(f"\n{name}: {_TICKETS:,} tickets as well: p50 {statistics.median(taken):.1f} ms, "
              f"p95 {p95:.1f} ms")  # fmt: skip


def _tickets(chance: random.Random, pieces: list[list[str]]) -> list[Doc]:
    """Return tickets whose text is mixed from the words of real questions."""
    docs = []
    for number in range(_TICKETS):
        first, second = chance.choice(pieces), chance.choice(pieces)
        title = " ".join(first[: chance.randrange(3, 9)] + second[-3:])
        body = " ".join(chance.choice(pieces))
        docs.append(Doc(TICKET, str(number), misspell(title, chance, 0.05), body,
                        status="resolved"))  # fmt: skip
    return docs


_IMPORTS = f"""
import sys
from pathlib import Path
from {embedding_model.__module__} import {embedding_model.__name__} as model
from {Searcher.__module__} import Searcher
from {SearchIndex.__module__} import SearchIndex
"""
_PROCESS = f"""{_IMPORTS}
index = SearchIndex(Path(sys.argv[1]))
methods = dict(none=None, words=Searcher(index), meaning=Searcher(index, model))
searcher = methods[sys.argv[2]]
for query in sys.argv[3:]:
    if searcher is not None:
        searcher.search(query, typing=True)
print("ready", flush=True)
sys.stdin.read()
"""


def test_memory_of_several_processes(real: Real) -> None:
    queries = [query for query, _ in real.asked[::20]]
    print(f"\n{_PROCESSES} processes that have searched: PSS of each in MB")
    for name in ("none", "words", "meaning"):
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", _PROCESS, str(real.index.file), name, *queries],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(_PROCESSES)
        ]  # fmt: skip
        sizes = []
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
            sizes.append(int(pss.split()[1]) / 1024)
        for process in processes:
            process.communicate("")
        label = "imports only" if name == "none" else f"by {name}"
        print(f"{label:14} {statistics.mean(sizes):5.1f}")
