"""The table of all keys, from which bindings, key bar, help and manual are made."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    :ivar priority: whether it is handled before the focused widget sees the key.
    """

    name: str
    keys: str
    action: str
    label: str
    help: str
    footer: bool = True
    priority: bool = True


#: On every screen and in every dialog, also while typing.
EVERYWHERE = (
    Key("manual", "f1", "app.manual", "manual", "the manual page of this screen"),
    Key(
        "palette",
        "ctrl+p",
        "app.command_palette",
        "palette",
        "every action of this screen, by name",
        footer=False,
    ),
    Key("leave", "ctrl+q", "app.quit", "leave", "leave the app; drafts are kept", footer=False),
    Key(
        "copy",
        "ctrl+c",
        "app.help_quit",
        "copy",
        "copy what is selected; it does not end the app",
        footer=False,
        priority=False,  # a field or a screen with a selection copies it
    ),
    Key("news", "ctrl+b", "app.news", "news", "all news since the start", footer=False),
)

#: Everywhere except in forms.
GLOBAL = (
    Key("log", "n", "app.log_query", "log", "log a query"),
    Key("search", "slash", "app.search", "search", "search articles and past tickets"),
    Key("help", "question_mark", "app.help", "help", "this list of keys"),
    Key("jump", "colon", "app.jump_to", "ticket", "open a ticket by its number", footer=False),
    Key("queue_l1", "1", "app.queue('L1')", "L1", "queue L1", footer=False),
    Key("queue_l2", "2", "app.queue('L2')", "L2", "queue L2", footer=False),
    Key("queue_l3", "3", "app.queue('L3')", "L3", "queue L3", footer=False),
    Key("queue_l4", "4", "app.queue('L4')", "L4", "queue L4", footer=False),
    Key("mine", "m", "app.mine", "mine", "my own tickets"),
    Key("inbox", "I", "app.inbox", "inbox", "inbox: your notices"),
    Key("drafts", "D", "app.drafts", "drafts", "drafts and parked calls", footer=False),
    Key("board", "b", "app.board", "board", "the lead's board"),
    Key("knowledge", "K", "app.knowledge", "KB", "knowledge base"),
    Key("alarms", "w", "app.alarms", "alarms", "recent warnings and breaches"),
    Key("reports", "R", "app.reports", "figures", "KPIs as charts", footer=False),
    Key(
        "ring",
        "f8",
        "app.toggle_ring",
        "ring",
        "notices: shown, bell, desktop or quiet",
        footer=False,
    ),
    Key("theme", "f9", "app.toggle_theme", "theme", "dark or light theme", footer=False),
    Key("quit", "q", "app.leave", "quit", "back; on the start screen, leave the app"),
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
    Key("close", "Q", "close", "close", "close a resolved ticket", footer=False),
    Key("assign", "a", "dialog('assign')", "assign", "assign to an agent"),
    Key("release", "C", "release", "release", "release it, for others to claim", footer=False),
    Key("lead", "H", "dialog('lead')", "lead", "escalate to the lead; give back", footer=False),
    Key("receive", "y", "dialog('receive')", "said", "what the requester said", footer=False),
    Key("follow_up", "d", "dialog('follow-up')", "date", "follow-up date", footer=False),
    Key("watch", "W", "watch", "watch", "watch the ticket, or stop watching it", footer=False),
    Key("next", "N", "take_next", "next", "claim the unclaimed ticket that is due first"),
    Key("macro", "x", "macro", "macro", "macros: several steps and a text in one"),
    Key("undo", "U", "undo", "undo", "undo the last change, unless somebody was answered"),
    Key("set", "s", "dialog('set')", "set", "set service, priority, tags …", footer=False),
    Key("link", "L", "dialog('link')", "link", "link, or make it a child", footer=False),
    Key("merge", "M", "dialog('merge')", "merge", "merge into another ticket", footer=False),
    Key("time", "T", "dialog('time')", "time", "time spent, timer", footer=False),
    Key(
        "person", "P", "dialog('person')", "person", "what is known of the requester", footer=False
    ),
    Key("copy_ticket", "Y", "copy_ticket", "copy", "copy or export the ticket", footer=False),
    Key("split", "Z", "dialog('split')", "split", "split off a new ticket", footer=False),
)

#: In queues.
QUEUE = (
    Key("mark", "space", "mark", "mark", "mark: keys act on all marked tickets"),
    Key("mark_all", "ctrl+a", "mark_all", "mark all", "mark all, or none", footer=False),
    Key("filter", "f", "filter", "filter", "filter by a query; saves views"),
    Key("views", "V", "views", "views", "saved views"),
    Key("sort", "F", "sort", "sort", "sort the list, or turn its order round", footer=False),
    Key("unfold", "equals_sign", "unfold", "unfold", "show or fold the duplicates", footer=False),
    Key("back", "escape", "plain", "", "remove the marks, or else the filter", footer=False),
)

#: On the screen of one ticket.
READING = (
    Key("follow_link", "l", "follow_link", "links", "go to a linked ticket", footer=False),
    Key("full_texts", "z", "full_texts", "whole", "show long texts to their end", footer=False),
    Key("find", "ctrl+f", "find", "find", "find words in this ticket", footer=False),
    Key(
        "next_ticket",
        "greater_than_sign",
        "neighbour(1)",
        "next",
        "the next ticket of the list",
        footer=False,
    ),
    Key(
        "previous_ticket",
        "less_than_sign",
        "neighbour(-1)",
        "previous",
        "the ticket before it in the list",
        footer=False,
    ),
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
    Key("answer_first", "f4", "answer_first", "edit answer", "edit the answer before F5 gives it"),
    *REPEAT[1:],
    Key("park", "ctrl+n", "park", "park", "park this call and begin a new one"),
)

#: Where an answer is read or written that the knowledge base has in several languages.
LANGUAGE = (
    Key("language", "ctrl+l", "switch_language", "language", "the answer in the next language"),
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

#: On a hit of a search, besides the keys of all lists.
HITS = (
    Key("unfit", "delete", "unfit", "does not fit", "this hit does not fit the query, or it does"),
)

#: Where a text is searched, also while typing it.
AS_TYPED = (
    Key(
        "as_typed",
        "ctrl+z",
        "search_as_typed",
        "as typed",
        "search without corrections, or with",
        priority=False,  # in the details it takes back what was typed
    ),
)

#: In a list that stands below the line in which it is narrowed.
CHOICE = (
    Key("choose", "enter", "choose", "choose", "take the choice under the cursor"),
    Key("next_choice", "down", "move(1)", "", "next choice", footer=False),
    Key("previous_choice", "up", "move(-1)", "", "previous choice", footer=False),
)

#: In a field that has a list of values.
VALUES = (
    Key("next_value", "down", "choose(1)", "", "next value of the field", footer=False),
    Key("previous_value", "up", "choose(-1)", "", "previous value of the field", footer=False),
)

#: In the line that finds words in a ticket.
FINDING = (
    Key("next_match", "enter,down", "match(1)", "next", "next match"),
    Key("previous_match", "up", "match(-1)", "before", "the match before"),
)

#: In the line for a ticket's number.
JUMPING = (Key("jump_there", "enter", "jump_there", "open", "open the ticket with that number"),)

#: In the line for the period of the figures.
CHOOSING_PERIOD = (Key("show_period", "enter", "show_period", "show", "show that period"),)

#: In the search.
SEARCHING = (
    Key("to_hits", "down", "to_hits", "", "to the hits, and to the next hit", footer=False),
)

#: In the line of the filter.
FILTERING = (
    Key("apply_filter", "enter", "apply", "apply", "show what the filter finds"),
    Key("complete", "tab", "complete", "complete", "complete the word"),
    *CHOICE[1:],
    Key("save_view", "ctrl+s", "save_view", "save view", "save the filter as a view"),
    Key("clear_filter", "ctrl+x", "clear", "clear", "show the whole queue again"),
)

#: In the dialog in which a view is saved.
SAVING_VIEW = (Key("next_line", "enter", "app.focus_next", "", "next field", footer=False),)

#: In a question.
QUESTION = (
    Key("yes", "y", "answer(True)", "yes", "yes, do it"),
    Key("no", "n,escape", "answer(False)", "no", "no, leave it as it is"),
)

#: In the question before a change is taken back, the key that led to it.
TAKING_BACK = tuple(replace(key, action="answer(True)") for key in TICKET if key.name == "undo")

#: In the dialog that tells which of several tickets refuse a change.
REFUSED = (
    Key("do_others", "r", "answer(True)", "the others", "do the tickets that do not refuse it"),
    Key("do_none", "n,escape", "answer(False)", "nothing", "do nothing"),
)

#: The same in the question whether tickets of others are taken over.
OTHERS = (replace(REFUSED[0], action="others"),)

#: In the preview of a macro.
RUN_MACRO = (Key("run_macro", "enter,ctrl+s", "run", "do it", "run the macro, all or nothing"),)

#: In a reply.
REPLY = (
    Key("canned", "f3", "canned", "canned reply", "insert a canned reply"),
    Key("keep_reply", "ctrl+n", "keep_reply", "keep it", "new canned reply or macro of this text"),
    Key("next_way", "ctrl+l", "next_way", "by phone", "said by phone, in person, or by mail"),
)

#: In the dialog that escalates or returns a ticket.
HAND_OVER = (Key("next_level", "ctrl+l", "next_level", "level", "hand it to another level"),)

#: In the dialog of the time spent.
TIME_SPENT = (
    Key("timer", "ctrl+t", "timer", "timer", "start the timer, or stop it"),
    Key("automatic_timer", "ctrl+o", "automatic", "always", "a timer with every ticket opened"),
)

#: Among the steps of an SOP.
STEPS = (
    Key("tick", "space,enter", "tick_step", "tick", "tick the step, or take the tick back"),
    Key("previous_sop", "left", "other(-1)", "", "the SOP before", footer=False),
    Key("next_sop", "right,tab", "other(1)", "other SOP", "the next SOP"),
)

#: In the list of keys.
IN_HELP = (
    Key("find_key", "slash", "find", "find", "show only the keys that match a text"),
    Key("help", "question_mark", "leave", "back", "close the list of keys", footer=False),
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
    Key("all_read", "ctrl+a", "all_read", "all read", "mark all as read"),
)

#: In the list of drafts.
DRAFTS = (Key("drop", "ctrl+x", "drop_one", "drop", "discard the draft", footer=True),)

#: In the question before the app is left.
LEAVING = (
    Key("quit", "q", "leave", "leave", "leave although something is open", footer=False),
    Key("drafts", "D", "list_drafts", "drafts", "stay, and list the drafts", footer=False),
)

#: On the lead's board.
BOARD = (
    Key("reassign", "a", "reassign", "give to", "give the ticket to another agent"),
    Key("wall", "O", "wall", "wall", "the board as a wall display"),
)

#: On the wall display.
WALL = (Key("next_page", "space,right", "next_page", "next page", "next page"),)

#: Among the KPIs.
REPORT = (
    Key("split_by", "B", "split", "split by", "by agent, level, customer, … or over time"),
    Key("longer", "right,plus", "span(1)", "longer", "a longer period"),
    Key("shorter", "left,minus", "span(-1)", "shorter", "a shorter period"),
    Key("any_period", "J", "period", "period", "any period: a month, a year, from a day to a day"),
    Key("reload", "R", "reload", "reload", "read the figures again", footer=False),
)

#: In the knowledge base.
KNOWLEDGE = (
    Key("edit_article", "E", "edit", "edit", "edit the article"),
    Key("gaps", "X", "gaps", "gaps", "what is missing, unused, overdue"),
    Key("new_article", "ctrl+n", "new", "new", "start an article from a template"),
    Key(
        "reviewed", "h", "reviewed", "reviewed", "you have reviewed the article today", footer=False
    ),
    Key(
        "publish",
        "exclamation_mark",
        "publish",
        "publish",
        "submit a draft for review, or publish it",
        footer=False,
    ),
)

#: Among the articles.
ARTICLES = (
    Key("narrow", "slash", "narrow", "narrow", "show only articles that match a text"),
    Key("narrowed", "enter", "narrowed", "", "from the text to the list", footer=False),
)

#: In the list of gaps in the knowledge base.
GAPS = (Key("write_article", "A", "write", "write it", "write the article that is missing"),)

#: In the editor of an article.
EDITOR = (
    Key("text_start", "ctrl+home", "jump(0)", "", "start of the text", footer=False),
    Key("text_end", "ctrl+end", "jump(-1)", "", "end of the text", footer=False),
    Key("own_editor", "f4", "own_editor", "$EDITOR", "open it in your own editor"),
    Key("compare", "ctrl+g", "compare", "changes", "compare with the file or the other version"),
    Key("undo_all", "ctrl+x", "undo_all", "drop draft", "discard the draft, read the file again"),
)

#: In the comparison of two versions of an article.
DIFFERENCE = (
    Key("save_mine", "ctrl+s", "choose('mine')", "save mine", "save mine, overwriting theirs"),
    Key("take_theirs", "ctrl+x", "choose('theirs')", "take theirs", "take theirs, discard mine"),
)

#: In forms and dialogs.
FORM = (
    Key("save", "ctrl+s", "save", "save", "save, answer"),
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
#: In the dialogs in which a message is written.
WRITING = (
    Key("quote", "ctrl+r", "quote", "quote", "quote the last message"),
    Key("own_editor", "f4", "own_editor", "$EDITOR", "open it in your own editor"),
    Key("timeline_up", "ctrl+up", "scroll_timeline(-3)", "", "scroll the timeline", footer=False),
    Key("timeline_down", "ctrl+down", "scroll_timeline(3)", "", "the same, down", footer=False),
)
#: On screens without a form.
BACK = (Key("back", "escape", "back", "back", "back"),)
#: The same by a letter, in dialogs without a field.
QUIT = (Key("quit", "q", "back", "back", "back", footer=False),)


def _without(table: tuple[Key, ...], *names: str) -> tuple[Key, ...]:
    return tuple(key for key in table if key.name not in names)


#: The tables that are in force together; within a group, a key must have one meaning only.
_GROUPS = (
    (EVERYWHERE, GLOBAL, TICKET, QUEUE, KNOW_HOW, READING, REPEAT, LIST, FORM, LANGUAGE),
    (EVERYWHERE, GLOBAL, LIST, BACK, INBOX),
    (EVERYWHERE, _without(GLOBAL, "board"), LIST, BACK, BOARD),
    (EVERYWHERE, BACK, WALL),
    (EVERYWHERE, _without(GLOBAL, "reports"), LIST, BACK, REPORT),
    (
        *(EVERYWHERE, _without(GLOBAL, "search", "knowledge"), BACK, FORM[3:]),
        *(KNOWLEDGE, ARTICLES, LANGUAGE),
    ),
    (EVERYWHERE, BACK, KNOWLEDGE[1:2], GAPS, LIST[1:3]),
    (EVERYWHERE, _without(FORM, "drop"), EDITOR),
    (EVERYWHERE, BACK, DIFFERENCE),
    (EVERYWHERE, FORM, LOG_FORM, CALLER, VALUES, LANGUAGE, AS_TYPED),
    (EVERYWHERE, GLOBAL, REPEAT, LIST, BACK, HITS, AS_TYPED),
    (EVERYWHERE, FORM, WRITING, REPLY),
    (EVERYWHERE, FORM, HAND_OVER),
    (EVERYWHERE, FORM, TIME_SPENT),
    (EVERYWHERE, LIST[1:], BACK, IN_MANUAL),
    (EVERYWHERE, LIST[1:], BACK, IN_HELP),
    (EVERYWHERE, BACK, SEARCHING, AS_TYPED, FORM[3:]),
    (EVERYWHERE, BACK, CHOICE),
    (EVERYWHERE, BACK, JUMPING),
    (EVERYWHERE, BACK, CHOOSING_PERIOD),
    (EVERYWHERE, BACK, LEAVING),
    (EVERYWHERE, GLOBAL, LIST, BACK, DRAFTS),
    (EVERYWHERE, BACK, FINDING),
    (EVERYWHERE, BACK, FILTERING),
    (EVERYWHERE, _without(FORM, "drop"), SAVING_VIEW),
    (EVERYWHERE, REFUSED),
    (EVERYWHERE, QUESTION, TAKING_BACK),
    (EVERYWHERE, QUESTION, OTHERS),
    (EVERYWHERE, BACK, RUN_MACRO),
    (EVERYWHERE, BACK, STEPS, LIST[1:3]),
)
#: All names for the key file.  A name that is in several tables means the same in each.
NAMES = frozenset(key.name for group in _GROUPS for table in group for key in table)

#: The sections of the help and of the manual: a title, and the keys of that place.
SECTIONS: Mapping[str, tuple[Key, ...]] = {
    "Everywhere, also while typing": EVERYWHERE,
    "Everywhere but in forms": (*GLOBAL, *BACK),
    "On a ticket": (*TICKET, *KNOW_HOW),
    "On the screen of a ticket": (*READING, *FINDING),
    "With a suggestion": LOG_FORM,
    "While you log a query": CALLER,
    "In queues": QUEUE,
    "With an answer in several languages": LANGUAGE,
    "In lists": LIST,
    "Among search results": (*HITS, *AS_TYPED),
    "In the inbox": INBOX,
    "In the list of drafts, and before the app is left": (*DRAFTS, *LEAVING),
    "In forms and dialogs": (*FORM, *SAVING_VIEW, *VALUES),
    "When a message is written": WRITING,
    "In a reply": REPLY,
    "When a ticket is handed over": HAND_OVER,
    "When time is recorded": TIME_SPENT,
    "Among the steps of an SOP": STEPS,
    "In the line of the filter": FILTERING,
    "In the search and in lists to choose from": (*SEARCHING, *JUMPING, *CHOICE),
    "In questions": QUESTION,
    "When tickets refuse a change, and before a macro runs": (*REFUSED, *RUN_MACRO),
    "On the lead's board": BOARD,
    "On the wall display": WALL,
    "Among the figures": (*REPORT, *CHOOSING_PERIOD),
    "In the knowledge base": (*KNOWLEDGE, *ARTICLES, *GAPS),
    "In the editor of an article": EDITOR,
    "When two people changed one article": DIFFERENCE,
    "In the manual and in the list of keys": (*IN_MANUAL, *IN_HELP),
}

_SIGNS = {
    "slash": "/",
    "equals_sign": "=",
    "exclamation_mark": "!",
    "colon": ":",
    "greater_than_sign": ">",
    "less_than_sign": "<",
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
    "right": "→",
    "left": "←",
    "delete": "Del",
    "tab": "Tab",
    "shift": "Shift",
    "ctrl": "Ctrl",
}


def keys_text(keys: str) -> str:
    """Format keys for people: ``Ctrl+S``, ``j ↓``."""
    return " ".join(
        "+".join(_sign(part, key) for part in key.split("+")) for key in keys.split(",")
    )


def _sign(part: str, key: str) -> str:
    if part in _SIGNS:
        return _SIGNS[part]
    is_function_key = part.startswith("f") and part[1:].isdigit()
    return part.upper() if is_function_key or part != key else part


def bindings(*tables: tuple[Key, ...]) -> list[Binding]:
    """Return Textual bindings whose ids are the keys' names, so that they can be remapped.

    The bindings have priority, so that each key is handled before the next one is looked at.
    Otherwise, when several keys arrive at once over a slow connection, those after ``n`` would be
    taken as commands instead of reaching the form that ``n`` opens.
    """
    return [
        Binding(key.keys, key.action, key.help, show=False, id=key.name, priority=key.priority)
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
        text = file.read_text(encoding="utf-8-sig")
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
