"""Words that the ranking takes for alike are so for the index, too."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations

from helpdesk.domain.text_words import words
from helpdesk.search.terms import stem
from helpdesk.store.search.documents import SCHEMA
from tests.conftest import KB

#: Of the starter knowledge base's words they are 0.96 and 0.77.
_RIGHT, _SEEN = 0.94, 0.74


def _alike(known: Iterable[str], stem_of: Callable[[str], str]) -> set[tuple[str, str]]:
    """Return the pairs of words that have the same stem."""
    by_stem = defaultdict(list)
    for word in sorted(known):
        by_stem[stem_of(word)].append(word)
    return {pair for same in by_stem.values() for pair in combinations(same, 2)}


def _index_stems(known: list[str]) -> dict[str, str]:
    """Return the stem under which FTS5 keeps each word, with the tokenizer of the index."""
    (tokenizer,) = set(re.findall('tokenize="([^"]+)"', SCHEMA))
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f'CREATE VIRTUAL TABLE docs USING fts5(word, tokenize="{tokenizer}")')
        connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(docs, instance)")
        connection.executemany("INSERT INTO docs(rowid, word) VALUES (?, ?)", enumerate(known))
        return {known[row]: term for term, row in connection.execute("SELECT term, doc FROM terms")}


def test_most_words_that_are_alike_are_alike_for_the_index() -> None:
    text = " ".join(file.read_text("utf-8") for file in KB.rglob("*.md"))
    known = sorted(set(words(text)))
    assert len(known) > 1_000
    ours, theirs = _alike(known, stem), _alike(known, _index_stems(known).__getitem__)
    both = len(ours & theirs)
    assert both / len(ours) > _RIGHT
    assert both / len(theirs) > _SEEN
