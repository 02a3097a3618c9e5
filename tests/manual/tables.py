"""The tables of the manual that the code knows better: what must stand under which heading.

``python -m tests.manual.tables`` writes them into the pages, after a key or a field has changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from helpdesk import manual
from helpdesk.domain.macro import STEP_SYNTAX
from helpdesk.domain.placeholders import PLACEHOLDERS
from helpdesk.domain.query.fields import FIELDS
from helpdesk.domain.roles import queue_rights_table, rights_table
from helpdesk.report.kpis import every_kpi
from helpdesk.ssh.needs import Need
from helpdesk.tui.widgets import keymap
from helpdesk.tui.widgets.keymap import Key, keys_text
from tests.ssh.commands import every_command

FOLDER = Path(manual.__file__).parent
_KEYS: Mapping[str, tuple[Key, ...]] = {
    "Everywhere, also while typing": keymap.EVERYWHERE,
    "Everywhere but in forms": keymap.GLOBAL,
    "On a ticket": keymap.TICKET,
    "On an open ticket": keymap.KNOW_HOW,
    "With a suggestion": keymap.LOG_FORM,
    "While you log a query": keymap.CALLER,
    "In queues": keymap.QUEUE,
    "In lists": keymap.LIST,
    "In the inbox": keymap.INBOX,
    "In forms and dialogs": keymap.FORM,
    "On the lead's board": keymap.BOARD,
    "On the wall display": keymap.WALL,
    "Among the figures": keymap.REPORT,
    "In the knowledge base": (*keymap.KNOWLEDGE, *keymap.GAPS),
    "In the editor of an article": keymap.EDITOR,
    "When two people changed one article": keymap.DIFFERENCE,
    "In the manual": keymap.IN_MANUAL,
}


_NEEDS: Mapping[Need, str] = {
    Need.NOTHING: "read the program, time zones and the knowledge base; change the database, its "
    "search index and the error log",
    Need.READ_DROP: "read the file in the drop folder that it names",
    Need.WRITE_DROP: "write the file in the drop folder that it names",
    Need.ARTICLES: "change articles, start git",
    Need.DRAFTS: "change the agent's own drafts, read `keys.toml`",
    Need.EDITOR: "start the editor on a copy of an article, read `door.toml`",
    Need.KEYS: "change sshd's file with the keys, read `door.toml`",
    Need.ANCHORS: "append to the file of anchors, read `door.toml`",
}


def wanted_tables() -> dict[tuple[str, str], list[str]]:
    """Return the rows that each table must have, by page and heading."""
    tables = {("agent", head): [_key_row(key) for key in keys] for head, keys in _KEYS.items()}
    tables["agent", "Filters and saved views"] = [
        f"| `{field.name}` | {field.meaning} |" for field in FIELDS.values()
    ]
    tables["command-line", "Steps of a macro"] = [
        f"| `{verb}` | `{line.partition(' (')[0].replace('|', ' or ')}` |"
        for verb, line in STEP_SYNTAX.items()
    ]
    tables["command-line", "Placeholders"] = [
        f"| `{{{name}}}` | {meaning} |" for name, meaning in PLACEHOLDERS.items()
    ]
    tables["lead", "What the figures mean"] = [
        f"| {kpi.title} | `{kpi.name}` | {kpi.unit} |" for kpi in every_kpi()
    ]
    tables["ssh", "What each command may touch"] = list(_need_rows())
    tables["ssh", "Roles and rights"] = rights_table().split("\n")[2:]
    tables["ssh", "In which queues"] = queue_rights_table().split("\n")[2:]
    return tables


def _need_rows() -> Iterator[str]:
    yield f"| {_NEEDS[Need.NOTHING]} | every command |"
    by_need = {need: [name for name, needs in every_command() if need in needs] for need in Need}
    for need, names in by_need.items():
        commands = [f"`{name}`" for name in names]
        if need in Need.APP:
            commands.insert(0, "the app")
        yield f"| {_NEEDS[need]} | {', '.join(commands)} |"


def _key_row(key: Key) -> str:
    return f"| `{keys_text(key.keys).replace(' ', '` `')}` | {key.help} | {key.name} |"


def table_below(text: str, heading: str) -> tuple[int, int]:
    """Return which lines of a page are the rows of the first table below a heading."""
    lines = text.split("\n")
    titles = [place for place, line in enumerate(lines) if line.lstrip("#") == f" {heading}"]
    assert len(titles) == 1, f"{heading!r} is there {len(titles)} times"
    first = next(n for n in range(titles[0], len(lines)) if lines[n].startswith("| ---")) + 1
    last = next((n for n in range(first, len(lines)) if not lines[n].startswith("|")), len(lines))
    return first, last


def rows_below(page: str, heading: str) -> list[str]:
    """Return the rows of the first table below a heading of a page."""
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    first, last = table_below(text, heading)
    return text.split("\n")[first:last]


def _write(tables: Iterable[tuple[tuple[str, str], list[str]]]) -> None:
    for (page, heading), rows in tables:
        file = FOLDER / f"{page}.md"
        text = file.read_text(encoding="utf-8")
        first, last = table_below(text, heading)
        lines = text.split("\n")
        file.write_text("\n".join([*lines[:first], *rows, *lines[last:]]), encoding="utf-8")


if __name__ == "__main__":
    _write(wanted_tables().items())
