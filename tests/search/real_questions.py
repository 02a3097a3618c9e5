"""Real questions with real rewordings, and the knowledge base that answers them, if installed."""

import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.search.embeddings import embedding_model
from helpdesk.search.indexing import refresh_articles, refresh_vectors
from helpdesk.store.search.index import SearchIndex

#: The folder of the data; the variable names another one than the one beside the project.
DATA = Path(
    os.environ.get("HELPDESK_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)
AVAILABLE = (DATA / "repeat-issues.jsonl").exists()

#: (question, path of the article that answers it)
Asked = list[tuple[str, str]]


@dataclass(frozen=True)
class Real:
    """An index of some 2,500 support articles with the answers, and the questions."""

    kb: Path
    index: SearchIndex
    asked: Asked


def load(folder: Path, *, every: int = 1) -> Real:
    """Write the knowledge base and its index into a folder.

    :param every: use only every n-th of the articles that answer none of the questions.
    """
    kb = folder / "kb"
    with tarfile.open(DATA / "kb-office.tar.gz") as archive:
        archive.extractall(kb, archive.getmembers()[::every], filter="data")
    asked: Asked = []
    (kb / "faq").mkdir(parents=True, exist_ok=True)
    for line in (DATA / "repeat-issues.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        path = f"faq/{entry['id']}.md"
        head = json.dumps(entry["title"])
        (kb / path).write_text(f"---\ntitle: {head}\n---\n{entry['body']}", encoding="utf-8")
        asked += [(query, path) for query in entry["queries"]]
    index = SearchIndex(folder / "index")
    refresh_articles(index, KnowledgeFolder(kb))
    vectors = embedding_model()
    if vectors is not None:
        refresh_vectors(index, vectors)
    return Real(kb, index, asked)
