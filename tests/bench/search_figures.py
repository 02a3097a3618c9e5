"""Print every figure of the search's quality in one run.

``python -m tests.bench.search_figures [--every N] [--public FOLDER]`` measures:

* the real questions (see ``tests.search.real_questions``): how often the right article is first
  and among the first five, as typed and misspelt; how many marks are right, and how many of the
  answerable questions get one;
* the 200 queries that the starter knowledge base has no answer for: how many get a mark;
* with ``--public``, a folder that holds public data, which is not part of the project:
  ``bank_train.csv`` and ``bank_test.csv`` (BANKING77, PolyAI, CC BY 4.0) and ``tickets*.csv``
  (columns ``title`` and ``body``): a trade on which nothing was fitted, and the 60 commonest
  subjects of real tickets, beside a plain BM25 over the same text.
"""

import argparse
import csv
import random
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from helpdesk.domain.text_words import words
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.search.embeddings import embedding_model
from helpdesk.search.indexing import refresh_articles, refresh_vectors
from helpdesk.search.searcher import Searcher
from helpdesk.store.search.documents import ARTICLE, TICKET, Doc
from helpdesk.store.search.index import SearchIndex
from tests.conftest import KB
from tests.search.misspelling import misspell
from tests.search.real_questions import AVAILABLE, Asked, load
from tests.search.unanswered import UNANSWERED

_COMMONEST = 60
_BANKING_QUESTIONS = 10
_BANKING_EXAMPLES = 5


def searchers(index: SearchIndex) -> Iterable[tuple[str, Searcher]]:
    """Yield the searcher by words, and the one with meaning if the extra is installed."""
    yield "by words", Searcher(index)
    if embedding_model() is not None:
        yield "by meaning", Searcher(index, embedding_model)


def recall(searcher: Searcher, asked: Asked) -> str:
    """Return the shares of right articles at 1 and at 5."""
    first = five = 0
    for query, path in asked:
        hits = [hit.id for hit in searcher.search(query, scope="kb", limit=5).hits]
        first += path in hits[:1]
        five += path in hits
    return f"R@1 {first / len(asked):.3f}  R@5 {five / len(asked):.3f}"


def marks(searcher: Searcher, asked: Asked, *, all_answered: bool = False) -> str:
    """Return the precision of the marks, and the share of answerable questions with a right one.

    :param all_answered: otherwise the answer of every second question is taken away.
    """
    right = given = answerable = 0
    for place, (query, path) in enumerate(asked):
        hits = searcher.search(query, scope="kb", limit=5).hits
        if place % 2 and not all_answered:
            hits = tuple(hit for hit in hits if hit.id != path)
        else:
            answerable += 1
        given += bool(hits and hits[0].repeat)
        right += bool(hits and hits[0].repeat and hits[0].id == path)
    return (
        f"precision {right / (given or 1):.3f} of {given}, of answerable {right / answerable:.3f}"
    )


def real_questions(folder: Path, every: int) -> None:
    """Print the figures of the real questions."""
    real = load(folder, every=every)
    asked = real.asked[::every]
    chance = random.Random(5)
    misspelt = [(misspell(query, chance), path) for query, path in asked]
    for name, searcher in searchers(real.index):
        print(f"real questions    {name:10} {recall(searcher, asked)}")
        print(f"    misspelt      {name:10} {recall(searcher, misspelt)}")
        print(f"    marks         {name:10} {marks(searcher, asked)}")


def unanswered(folder: Path) -> None:
    """Print how many queries without an answer are marked."""
    index = SearchIndex(folder / "starter")
    refresh_articles(index, KnowledgeFolder(KB))
    model = embedding_model()
    if model is not None:
        refresh_vectors(index, model)
    for name, searcher in searchers(index):
        wrong = []
        for text in UNANSWERED:
            hits = searcher.search(text, limit=5).hits
            wrong += [f"{text!r} {hit.id} {hit.score:.2f} {hit.why}" for hit in hits if hit.repeat]
        print(f"unanswered        {name:10} {len(wrong)} of {len(UNANSWERED)} marked")
        for line in wrong:
            print("   ", line)


def bm25(docs: Sequence[Doc]) -> Callable[[str], list[str]]:
    """Return a plain BM25 over titles and bodies, which gives the refs of the first five."""
    table = sqlite3.connect(":memory:")
    table.execute(
        "CREATE VIRTUAL TABLE found USING fts5(ref UNINDEXED, title, body, "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    table.executemany(
        "INSERT INTO found VALUES (?, ?, ?)", [(doc.ref, doc.title, doc.body) for doc in docs]
    )

    def find(query: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in words(query)) or '"xxx"'
        rows = table.execute(
            "SELECT ref FROM found WHERE found MATCH ? ORDER BY bm25(found, 0, 4, 1) LIMIT 5",
            (match,),
        )
        return [ref for (ref,) in rows]

    return find


def banking(folder: Path, public: Path, half: int) -> None:
    """Print the figures of BANKING77: an article of five examples for each intent.

    :param half: 0 measures every second intent's questions (for fitting), 1 the others.
    """
    examples: dict[str, list[str]] = defaultdict(list)
    for row in _rows(public / "bank_train.csv"):
        if row["category"]:
            examples[row["category"]].append(row["text"])
    docs = [
        Doc(ARTICLE, f"{name}.md", name.replace("_", " "), "\n".join(some[:_BANKING_EXAMPLES]))
        for name, some in sorted(examples.items())
    ]
    counts: Counter[str] = Counter()
    asked: Asked = []
    order = sorted(examples)
    for row in _rows(public / "bank_test.csv"):
        name = row["category"]
        if order.index(name) % 2 == half and counts[name] < _BANKING_QUESTIONS:
            counts[name] += 1
            asked.append((row["text"], f"{name}.md"))
    index = SearchIndex(folder / f"banking{half}")
    with index.write() as writer:
        writer.put(docs)
    model = embedding_model()
    if model is not None:
        refresh_vectors(index, model)
    plain = bm25(docs)
    found = [(plain(query), path) for query, path in asked]
    first = sum(path in refs[:1] for refs, path in found) / len(asked)
    five = sum(path in refs for refs, path in found) / len(asked)
    part = "held out" if half else "fitting"
    print(f"banking {part:9} BM25       R@1 {first:.3f}  R@5 {five:.3f}")
    for name, searcher in searchers(index):
        print(f"banking {part:9} {name:10} {recall(searcher, asked)}")
        print(f"    marks         {name:10} {marks(searcher, asked, all_answered=True)}")
        print(f"    half answered {name:10} {marks(searcher, asked)}")


def _rows(file: Path) -> Iterable[dict[str, str]]:
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        yield from csv.DictReader(lines)


def commonest(folder: Path, public: Path, *, verbose: bool) -> None:
    """Print how often the commonest subjects of real tickets find a ticket of that subject."""
    docs: list[Doc] = []
    for file in sorted(public.glob("tickets*.csv")):
        docs += [
            Doc(TICKET, f"HD-{len(docs) + place}", title, row["body"], status="closed")
            for place, row in enumerate(_rows(file), 1)
            if (title := row["title"].strip())
        ]
    docs = [Doc(TICKET, f"HD-{place}", each.title, each.body, status="closed")
            for place, each in enumerate(docs, 1)]  # fmt: skip
    index = SearchIndex(folder / "tickets")
    for start in range(0, len(docs), 2_000):
        with index.write() as writer:
            writer.put(docs[start : start + 2_000])
    subject = {doc.ref: " ".join(words(doc.title)) for doc in docs}
    common = [text for text, _ in Counter(subject.values()).most_common(_COMMONEST)]
    plain = bm25(docs)
    one = five = 0
    for text in common:
        found = [subject[ref] for ref in plain(text)]
        one += found[:1] == [text]
        five += text in found
    print(f"{len(docs):,} tickets, BM25: {one} of {len(common)} subjects first, {five} among five")
    for name, searcher in searchers(index):
        one = five = wrong = marked = 0
        for text in common:
            hits = searcher.search(text, scope="tickets", limit=5).hits
            found = [subject[hit.id] for hit in hits]
            one += found[:1] == [text]
            five += text in found
            bad = [subject[hit.id] for hit in hits if hit.repeat and subject[hit.id] != text]
            wrong += bool(bad)
            marked += any(hit.repeat and subject[hit.id] == text for hit in hits)
            if verbose and (bad or text not in found):
                print("   ", text, "|", found, "| wrongly marked:", bad)
        print(f"    {name:10} {one} first, {five} among five, {wrong} wrong marks, {marked} right")


def main() -> None:
    """Print the figures that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="use every n-th real question")
    parser.add_argument("--public", type=Path, help="the folder of public data")
    parser.add_argument("--verbose", action="store_true", help="name what was not found")
    parser.add_argument("--only", default="", help="unanswered, real, banking, or tickets")
    arguments = parser.parse_args()
    only = arguments.only
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if only in ("", "unanswered"):
            unanswered(folder)
        if AVAILABLE and only in ("", "real"):
            real_questions(folder / "real", arguments.every)
        if arguments.public and only in ("", "banking"):
            banking(folder, arguments.public, 0)
            banking(folder, arguments.public, 1)
        if arguments.public and only in ("", "tickets"):
            commonest(folder, arguments.public, verbose=arguments.verbose)


if __name__ == "__main__":
    main()
