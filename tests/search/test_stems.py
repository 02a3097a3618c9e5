"""The stems of the ranking agree with those of the index."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations

from helpdesk.domain.stems import stem
from helpdesk.domain.text_words import words
from helpdesk.store.search.documents import FULL_TEXT, SCHEMA, TRANSLATION
from tests.conftest import KB
from tests.search.test_translations import without_translations

#: The minimum shares of pairs that agree; for the starter knowledge base they are 0.96 and 0.77.
_PRECISION, _RECALL = 0.94, 0.74


def _same_stem(known: Iterable[str], stem_of: Callable[[str], str]) -> set[tuple[str, str]]:
    """Return the pairs of words that have the same stem."""
    by_stem = defaultdict(list)
    for word in sorted(known):
        by_stem[stem_of(word)].append(word)
    return {pair for same in by_stem.values() for pair in combinations(same, 2)}


def _index_stems(known: list[str]) -> dict[str, str]:
    """Return the stem of each word by FTS5, with the tokenizer of articles and tickets."""
    tables = re.findall(r'TABLE (\w+) USING fts5.*?tokenize="([^"]+)"', SCHEMA, re.DOTALL)
    (tokenizer,) = {name for table, name in tables if table != FULL_TEXT[TRANSLATION]}
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f'CREATE VIRTUAL TABLE docs USING fts5(word, tokenize="{tokenizer}")')
        connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(docs, instance)")
        connection.executemany("INSERT INTO docs(rowid, word) VALUES (?, ?)", enumerate(known))
        return {known[row]: term for term, row in connection.execute("SELECT term, doc FROM terms")}


def test_most_pairs_of_words_with_the_same_stem_have_it_in_the_index_too() -> None:
    text = " ".join(without_translations(file.read_text("utf-8")) for file in KB.rglob("*.md"))
    known = sorted(set(words(text)))
    assert len(known) > 1_000
    ours, theirs = _same_stem(known, stem), _same_stem(known, _index_stems(known).__getitem__)
    both = len(ours & theirs)
    assert both / len(ours) > _PRECISION
    assert both / len(theirs) > _RECALL
