"""Which key does what: one table, from which bindings, footer and help are made."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from textual.binding import Binding

from helpdesk.domain.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its name in the configuration file, what it does, and how the footer calls it."""

    name: str
    keys: str
    action: str
    label: str
    help: str
    footer: bool = True


#: On every screen and in every dialog, whatever has the focus.
EVERYWHERE = (Key("manual", "f1", "app.manual", "manual", "the manual page of this screen"),)

#: Everywhere but in forms.
GLOBAL = (
    Key("log", "n", "app.log_query", "log", "log a query"),
    Key("search", "slash", "app.search", "search", "search articles and past tickets"),
    Key("help", "question_mark", "app.help", "help", "this list of keys"),
    Key("queue_l1", "1", "app.queue('L1')", "L1", "queue L1", footer=False),
    Key("queue_l2", "2", "app.queue('L2')", "L2", "queue L2", footer=False),
    Key("queue_l3", "3", "app.queue('L3')", "L3", "queue L3", footer=False),
    Key("queue_l4", "4", "app.queue('L4')", "L4", "queue L4", footer=False),
    Key("mine", "m", "app.mine", "mine", "my own tickets"),
    Key("inbox", "I", "app.inbox", "inbox", "inbox: what I was told of"),
    Key("board", "b", "app.board", "board", "the lead's board"),
    Key("knowledge", "K", "app.knowledge", "KB", "knowledge base"),
    Key("alarms", "w", "app.alarms", "alarms", "warnings and breaches of late"),
    Key("reports", "R", "app.reports", "figures", "KPIs as charts", footer=False),
    Key(
        "ring",
        "f8",
        "app.toggle_ring",
        "ring",
        "news: quiet, bell or desktop notification",
        footer=False,
    ),
    Key("theme", "f9", "app.toggle_theme", "theme", "dark or light theme", footer=False),
    Key("quit", "q", "app.leave", "quit", "leave the app; drafts are kept"),
)

#: On a ticket: in a queue the one under the cursor.
TICKET = (
    Key("claim", "c", "claim", "claim", "claim the ticket"),
    Key("reply", "r", "dialog('reply')", "reply", "reply to the requester"),
    Key("note", "i", "dialog('note')", "note", "internal note"),
    Key("escalate", "e", "dialog('escalate')", "escalate", "escalate to a higher level"),
    Key("return", "t", "dialog('return')", "return", "return to a lower level"),
    Key("pend", "p", "dialog('pend')", "pend", "wait for requester, vendor or date"),
    Key("resume", "u", "resume", "resume", "go on with a pending ticket", footer=False),
    Key("resolve", "v", "dialog('resolve')", "resolve", "resolve, with or without an article"),
    Key("reopen", "o", "dialog('reopen')", "reopen", "reopen a resolved ticket", footer=False),
    Key("assign", "a", "dialog('assign')", "assign", "assign to an agent"),
    Key("lead", "H", "dialog('lead')", "lead", "escalate to the lead; give back", footer=False),
    Key("receive", "y", "dialog('receive')", "said", "what the requester said", footer=False),
    Key("follow_up", "d", "dialog('follow-up')", "date", "follow-up date", footer=False),
    Key("watch", "W", "watch", "watch", "watch the ticket, or no longer", footer=False),
    Key("next", "N", "take_next", "next", "claim what is due first of all unclaimed"),
    Key("macro", "x", "macro", "macro", "macros: several steps and a text in one"),
    Key("undo", "U", "undo", "undo", "take back what was done last, if it has not left the house"),
    Key("set", "s", "dialog('set')", "set", "set service, priority, tags …", footer=False),
    Key("link", "L", "dialog('link')", "link", "link, or make it a child", footer=False),
    Key("merge", "M", "dialog('merge')", "merge", "end as a duplicate of another", footer=False),
    Key("time", "T", "dialog('time')", "time", "time spent, timer", footer=False),
    Key("split", "Z", "dialog('split')", "split", "split a part off as a ticket", footer=False),
)

#: In queues.
QUEUE = (
    Key("mark", "space", "mark", "mark", "mark: keys act on all marked tickets"),
    Key("mark_all", "ctrl+a", "mark_all", "mark all", "mark all, or none", footer=False),
    Key("filter", "f", "filter", "filter", "filter by a query; saves views"),
    Key("views", "V", "views", "views", "saved views"),
)

#: On a ticket, for what is to be done the same way the next time.
KNOW_HOW = (
    Key("steps", "S", "steps", "SOP", "tick the steps of an SOP"),
    Key("write_article", "A", "write_article", "write it down", "write the article from it"),
)

#: What to do with a suggestion, in the log form and on a ticket.
REPEAT = (
    Key("suggestions", "f2", "suggestions", "suggestions", "into the suggestions"),
    Key("resolve_with", "f5", "resolve_with", "resolve with it", "resolve with the suggestion"),
    Key("same_as", "f6", "same_as", "same as open ticket", "same issue as that open ticket"),
    Key("its_problem", "f7", "its_problem", "its problem", "link to that problem"),
)

#: In the log form and in the reader that it opens.
LOG_FORM = (
    REPEAT[0],
    Key("answer_first", "f4", "answer_first", "edit answer", "look over the answer before F5"),
    *REPEAT[1:],
)

#: In lists.
LIST = (
    Key("open", "enter", "open", "open", "open what is under the cursor"),
    Key("down", "j,down", "move(1)", "", "next line", footer=False),
    Key("up", "k,up", "move(-1)", "", "previous line", footer=False),
    Key("page_down", "pagedown", "page(1)", "", "a page down", footer=False),
    Key("page_up", "pageup", "page(-1)", "", "a page up", footer=False),
    Key("top", "home,g", "jump(0)", "", "first line", footer=False),
    Key("bottom", "end,G", "jump(-1)", "", "last line", footer=False),
)

#: In the manual.
IN_MANUAL = (
    Key("manual_search", "slash", "find", "search", "search all pages"),
    Key("manual_pages", "tab", "pages", "pages", "to the list of pages, and back to the page"),
    Key("manual_read", "enter", "read", "read", "read the chosen page"),
)

#: In the inbox, besides those of lists.
INBOX = (
    Key("mark_read", "space", "toggle_read", "read", "read, or unread again"),
    Key("all_read", "A", "all_read", "all read", "mark all as read"),
)

#: On the lead's board.
BOARD = (
    Key("reassign", "a", "reassign", "give to", "give the ticket to another agent"),
    Key("wall", "w", "wall", "wall", "the board as a wall display"),
)

#: On the wall display.
WALL = (Key("next_page", "space,right,w", "next_page", "next page", "next page"),)

#: Among the KPIs.
REPORT = (
    Key("split_by", "s", "split", "split by", "by agent, level, customer, … or as it went"),
    Key("longer", "right,plus", "span(1)", "longer", "a longer period"),
    Key("shorter", "left,minus", "span(-1)", "shorter", "a shorter period"),
    Key("reload", "f5", "reload", "read anew", "read the figures anew", footer=False),
)

#: In the knowledge base.
KNOWLEDGE = (
    Key("edit_article", "E", "edit", "edit", "edit the article"),
    Key("gaps", "f3", "gaps", "gaps", "what is missing, unused, overdue"),
    Key("new_article", "N", "new", "new", "begin an article from a template"),
)

#: In the list of what the knowledge base lacks.
GAPS = (Key("write_article", "A", "write", "write it", "write the article that is missing"),)

#: In the editor of an article.
EDITOR = (
    Key("own_editor", "f4", "own_editor", "$EDITOR", "open it in your own editor"),
    Key("compare", "f6", "compare", "changes", "compare with the file or with the other version"),
    Key("undo_all", "f7", "undo_all", "drop draft", "discard the draft, read the file again"),
)

#: Where two people have changed the same article.
DIFFERENCE = (
    Key("save_mine", "ctrl+s", "choose('mine')", "save mine", "save mine, overwriting theirs"),
    Key("take_theirs", "f7", "choose('theirs')", "take theirs", "take theirs, discard mine"),
)

#: In forms and dialogs.
FORM = (
    Key("save", "ctrl+s", "save", "save", "save, send"),
    Key("back", "escape", "back", "back", "back; what was typed is kept as a draft"),
    Key("drop", "ctrl+x", "drop_draft", "drop draft", "forget what was typed", footer=False),
    Key("next_field", "tab", "app.focus_next", "", "next field", footer=False),
    Key("previous_field", "shift+tab", "app.focus_previous", "", "previous field", footer=False),
)
#: On screens that only show something.
BACK = (Key("back", "escape", "back", "back", "back"),)


def _without(table: tuple[Key, ...], *names: str) -> tuple[Key, ...]:
    return tuple(key for key in table if key.name not in names)


#: The tables that work side by side: within one of these groups a key can mean one thing only.
_GROUPS = (
    (EVERYWHERE, GLOBAL, TICKET, QUEUE, KNOW_HOW, REPEAT, LIST, FORM),
    (EVERYWHERE, GLOBAL, LIST, BACK, INBOX),
    (EVERYWHERE, _without(GLOBAL, "alarms", "board"), LIST, BACK, BOARD),
    (EVERYWHERE, BACK, WALL),
    (EVERYWHERE, _without(GLOBAL, "reports"), LIST, BACK, REPORT),
    (EVERYWHERE, _without(GLOBAL, "search", "knowledge"), BACK, FORM[3:], KNOWLEDGE),
    (EVERYWHERE, BACK, KNOWLEDGE[1:2], GAPS),
    (EVERYWHERE, _without(FORM, "drop"), EDITOR),
    (EVERYWHERE, BACK, DIFFERENCE),
    (EVERYWHERE, FORM, LOG_FORM),
    (EVERYWHERE, LIST[1:], BACK, IN_MANUAL),
)
#: The names that the key file may give keys to.  A name in several tables means the same in all.
NAMES = frozenset(key.name for group in _GROUPS for table in group for key in table)

_SIGNS = {
    "slash": "/",
    "question_mark": "?",
    "enter": "Enter",
    "space": "Space",
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "ctrl+a": "Ctrl+A",
    "right": "→",
    "left": "←",
    "ctrl+s": "Ctrl+S",
    "ctrl+x": "Ctrl+X",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}


def sign(keys: str) -> str:
    """Return keys as people write them: ``Ctrl+S``, ``j ↓``."""
    return " ".join(
        _SIGNS.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)
        for key in keys.split(",")
    )


def bindings(*tables: tuple[Key, ...]) -> list[Binding]:
    """Return Textual bindings whose ids are the keys' names, so that they can be remapped.

    They have priority: such a key is acted on before the next one is looked at.  Else, of keys
    that arrive in one go over a slow line, those after ``n`` would not reach the form that ``n``
    opens but be taken as commands.
    """
    return [
        Binding(key.keys, key.action, key.help, show=False, id=key.name, priority=True)
        for table in tables
        for key in table
    ]


def read_key_file(file: Path) -> dict[str, str]:
    """Return the keys that a person chose, by name: ``[keys]`` with lines like ``log = "n"``.

    :raises RefusedError: if the file cannot be read or names an unknown key.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"the key file {file} cannot be read: {error}.") from error
    try:
        chosen = tomllib.loads(text).get("keys", {})
    except tomllib.TOMLDecodeError as error:
        raise RefusedError(f"the key file {file} is not TOML: {error}.") from error
    if not isinstance(chosen, dict):
        raise RefusedError(f"the key file {file}: [keys] must be a table of names and keys.")
    for name, keys in chosen.items():
        if name not in NAMES:
            raise RefusedError(
                f"the key file {file} names {name!r}; known are: {', '.join(sorted(NAMES))}."
            )
        if not isinstance(keys, str) or not keys:
            raise RefusedError(f"the key file {file}: {name} needs a key such as 'n' or 'ctrl+n'.")
    _require_apart(chosen, file)
    return dict(chosen)


def _require_apart(chosen: dict[str, str], file: Path) -> None:
    for group in _GROUPS:
        taken: dict[str, str] = {}
        for key in (key for table in group for key in table):
            for symbol in sign(chosen.get(key.name, key.keys)).split():
                other = taken.setdefault(symbol, key.name)
                if other != key.name:
                    raise RefusedError(
                        f"the key file {file} gives {symbol} to both {other} and {key.name}: "
                        "choose another key for one of them."
                    )
