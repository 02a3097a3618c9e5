"""The table of all keys, from which bindings, key bar, help and manual are made."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from textual.binding import Binding

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.parsing import parse_toml


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does.

    :ivar name: the name in the key file, which is also the id of the binding.
    :ivar keys: Textual's names of the keys, separated by commas.
    :ivar action: Textual's action.
    :ivar label: the word in the key bar.
    :ivar help: what the key does, for the help screen and the manual.
    :ivar footer: whether the key bar shows it.
    """

    name: str
    keys: str
    action: str
    label: str
    help: str
    footer: bool = True


#: On every screen and in every dialog, also while typing.
EVERYWHERE = (Key("manual", "f1", "app.manual", "manual", "the manual page of this screen"),)

#: Everywhere except in forms.
GLOBAL = (
    Key("log", "n", "app.log_query", "log", "log a query"),
    Key("search", "slash", "app.search", "search", "search articles and past tickets"),
    Key("help", "question_mark", "app.help", "help", "this list of keys"),
    Key("queue_l1", "1", "app.queue('L1')", "L1", "queue L1", footer=False),
    Key("queue_l2", "2", "app.queue('L2')", "L2", "queue L2", footer=False),
    Key("queue_l3", "3", "app.queue('L3')", "L3", "queue L3", footer=False),
    Key("queue_l4", "4", "app.queue('L4')", "L4", "queue L4", footer=False),
    Key("mine", "m", "app.mine", "mine", "my own tickets"),
    Key("inbox", "I", "app.inbox", "inbox", "inbox: your notices"),
    Key("board", "b", "app.board", "board", "the lead's board"),
    Key("knowledge", "K", "app.knowledge", "KB", "knowledge base"),
    Key("alarms", "w", "app.alarms", "alarms", "recent warnings and breaches"),
    Key("reports", "R", "app.reports", "figures", "KPIs as charts", footer=False),
    Key(
        "ring",
        "f8",
        "app.toggle_ring",
        "ring",
        "notifications: silent, bell or desktop",
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
    Key("resume", "u", "resume", "resume", "resume a pending ticket", footer=False),
    Key("resolve", "v", "dialog('resolve')", "resolve", "resolve, with or without an article"),
    Key("reopen", "o", "dialog('reopen')", "reopen", "reopen a resolved ticket", footer=False),
    Key("assign", "a", "dialog('assign')", "assign", "assign to an agent"),
    Key("lead", "H", "dialog('lead')", "lead", "escalate to the lead; give back", footer=False),
    Key("receive", "y", "dialog('receive')", "said", "what the requester said", footer=False),
    Key("follow_up", "d", "dialog('follow-up')", "date", "follow-up date", footer=False),
    Key("watch", "W", "watch", "watch", "watch the ticket, or stop watching it", footer=False),
    Key("next", "N", "take_next", "next", "claim the unclaimed ticket that is due first"),
    Key("macro", "x", "macro", "macro", "macros: several steps and a text in one"),
    Key("undo", "U", "undo", "undo", "undo the last change, unless it was sent out"),
    Key("set", "s", "dialog('set')", "set", "set service, priority, tags …", footer=False),
    Key("link", "L", "dialog('link')", "link", "link, or make it a child", footer=False),
    Key("merge", "M", "dialog('merge')", "merge", "merge into another ticket", footer=False),
    Key("time", "T", "dialog('time')", "time", "time spent, timer", footer=False),
    Key(
        "person", "P", "dialog('person')", "person", "what is known of the requester", footer=False
    ),
    Key("split", "Z", "dialog('split')", "split", "split off a new ticket", footer=False),
)

#: In queues.
QUEUE = (
    Key("mark", "space", "mark", "mark", "mark: keys act on all marked tickets"),
    Key("mark_all", "ctrl+a", "mark_all", "mark all", "mark all, or none", footer=False),
    Key("filter", "f", "filter", "filter", "filter by a query; saves views"),
    Key("views", "V", "views", "views", "saved views"),
)

#: On a ticket, to follow or write down a procedure.
KNOW_HOW = (
    Key("steps", "S", "steps", "SOP", "tick the steps of an SOP"),
    Key("write_article", "A", "write_article", "write it down", "write an article from the ticket"),
)

#: For a suggestion, in the log form and on a ticket.
REPEAT = (
    Key("suggestions", "f2", "suggestions", "suggestions", "go to the suggestions"),
    Key("resolve_with", "f5", "resolve_with", "resolve with it", "resolve with the suggestion"),
    Key("same_as", "f6", "same_as", "same as open ticket", "same issue as that open ticket"),
    Key("its_problem", "f7", "its_problem", "its problem", "link to that problem"),
)

#: In the log form.
CALLER = (Key("new_person", "f10", "new_person", "new person", "add the requester as new person"),)

#: In the log form and in the reader that it opens.
LOG_FORM = (
    REPEAT[0],
    Key("answer_first", "f4", "answer_first", "edit answer", "edit the answer before F5 sends it"),
    *REPEAT[1:],
)

#: In all lists.
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
    Key("split_by", "s", "split", "split by", "by agent, level, customer, … or over time"),
    Key("longer", "right,plus", "span(1)", "longer", "a longer period"),
    Key("shorter", "left,minus", "span(-1)", "shorter", "a shorter period"),
    Key("reload", "f5", "reload", "reload", "read the figures again", footer=False),
)

#: In the knowledge base.
KNOWLEDGE = (
    Key("edit_article", "E", "edit", "edit", "edit the article"),
    Key("gaps", "f3", "gaps", "gaps", "what is missing, unused, overdue"),
    Key("new_article", "N", "new", "new", "start an article from a template"),
)

#: In the list of gaps in the knowledge base.
GAPS = (Key("write_article", "A", "write", "write it", "write the article that is missing"),)

#: In the editor of an article.
EDITOR = (
    Key("own_editor", "f4", "own_editor", "$EDITOR", "open it in your own editor"),
    Key("compare", "f6", "compare", "changes", "compare with the file or with the other version"),
    Key("undo_all", "f7", "undo_all", "drop draft", "discard the draft, read the file again"),
)

#: In the comparison of two versions of an article.
DIFFERENCE = (
    Key("save_mine", "ctrl+s", "choose('mine')", "save mine", "save mine, overwriting theirs"),
    Key("take_theirs", "f7", "choose('theirs')", "take theirs", "take theirs, discard mine"),
)

#: In forms and dialogs.
FORM = (
    Key("save", "ctrl+s", "save", "save", "save, send"),
    Key("back", "escape", "back", "back", "back; what was typed is kept as a draft"),
    Key("drop", "ctrl+x", "drop_draft", "drop draft", "discard what was typed", footer=False),
    Key(
        "next_field",
        "tab",
        "app.focus_next",
        "",
        "next field; takes a completion",
        footer=False,
    ),
    Key("previous_field", "shift+tab", "app.focus_previous", "", "previous field", footer=False),
)
#: On screens without a form.
BACK = (Key("back", "escape", "back", "back", "back"),)


def _without(table: tuple[Key, ...], *names: str) -> tuple[Key, ...]:
    return tuple(key for key in table if key.name not in names)


#: The tables that are in force together; within a group, a key must have one meaning only.
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
    (EVERYWHERE, FORM, LOG_FORM, CALLER),
    (EVERYWHERE, LIST[1:], BACK, IN_MANUAL),
)
#: All names for the key file.  A name that is in several tables means the same in each.
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


def keys_text(keys: str) -> str:
    """Format keys for people: ``Ctrl+S``, ``j ↓``."""
    return " ".join(
        _SIGNS.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)
        for key in keys.split(",")
    )


def bindings(*tables: tuple[Key, ...]) -> list[Binding]:
    """Return Textual bindings whose ids are the keys' names, so that they can be remapped.

    The bindings have priority, so that each key is handled before the next one is looked at.
    Otherwise, when several keys arrive at once over a slow connection, those after ``n`` would be
    taken as commands instead of reaching the form that ``n`` opens.
    """
    return [
        Binding(key.keys, key.action, key.help, show=False, id=key.name, priority=True)
        for table in tables
        for key in table
    ]


def read_key_file(file: Path) -> dict[str, str]:
    """Read the key file: a table ``[keys]`` with lines such as ``log = "n"``.

    :return: the chosen keys by name; {} if there is no file.
    :raises RefusedError: if the file cannot be read, has an unknown name, or gives one key to two
        actions of the same screen.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"the key file {file} cannot be read: {error}.") from error
    try:
        chosen = parse_toml(text).get("keys", {})
    except tomllib.TOMLDecodeError as error:
        raise RefusedError(f"the key file {file} is not TOML: {error}.") from error
    if not isinstance(chosen, dict):
        raise RefusedError(f"the key file {file}: [keys] must be a table of names and keys.")
    for name, keys in chosen.items():
        if name not in NAMES:
            raise RefusedError(
                f"the key file {file} names an unknown key {name!r}; "
                f"known are: {', '.join(sorted(NAMES))}."
            )
        if not isinstance(keys, str) or not keys:
            raise RefusedError(f"the key file {file}: {name} needs a key such as 'n' or 'ctrl+n'.")
    _refuse_clashes(chosen, file)
    return dict(chosen)


def _refuse_clashes(chosen: dict[str, str], file: Path) -> None:
    for group in _GROUPS:
        taken: dict[str, str] = {}
        for key in (key for table in group for key in table):
            for symbol in keys_text(chosen.get(key.name, key.keys)).split():
                other = taken.setdefault(symbol, key.name)
                if other != key.name:
                    raise RefusedError(
                        f"the key file {file} gives {symbol} to both {other} and {key.name}: "
                        "choose another key for one of them."
                    )
