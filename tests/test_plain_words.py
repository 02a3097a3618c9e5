"""The text of the project uses words that a stranger knows at the first reading."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Words of a private or literary language, each with what to write instead.
_AVOID = {
    r"whoever": "who, anyone who",
    r"anew": "again",
    r"of late": "recently",
    r"errands?": "due action",
    r"heed(s|ed)?": "follow, respect",
    r"let nobody": "nobody may",
    r"thereof|whence|lest|thereby": "a plain clause",
    r"warden": "watchdog",
    r"scout": "prefetch",
    r"teller": "notifier",
    r"keeper": "scheduler",
}
_FOLDERS = ("helpdesk", "migrations", "tests", ".github")
_SUFFIXES = (".py", ".md", ".toml", ".tcss")


def texts() -> list[Path]:
    """Return the files that people read, but for this one and those that are made data."""
    found = [ROOT / "README.md"]
    for folder in _FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in _SUFFIXES]
    made = ("demo/texts", "__snapshots__", "exchange/mappings", "tests/data")
    return [
        path for path in found if path != Path(__file__) and not any(m in str(path) for m in made)
    ]


def test_no_private_words() -> None:
    pattern = re.compile(rf"(?<![\w-])({'|'.join(_AVOID)})(?![\w-])", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word.group()}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for word in pattern.finditer(line)
    ]
    assert found == []


def test_a_public_class_name_means_one_thing() -> None:
    places = defaultdict(list)
    for path in (ROOT / "helpdesk").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert len(places) > 200
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
