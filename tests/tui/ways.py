"""The keys that lead from the first queue of the busy desk to each screen of the app."""

import pkgutil
from dataclasses import replace
from importlib import import_module

from textual.screen import Screen

import helpdesk.tui
from helpdesk.desk.macro import macros
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.priority import Impact, Urgency

MACRO = """
[macros."taken"]
steps = ["note"]
text = "seen"

[replies.greeting]
text = "Dear {requester},"
"""
#: The name of each screen, and the keys that open it.
WAYS: dict[str, tuple[str, ...]] = {
    "QueueScreen": ("1",),
    "TicketScreen": ("enter",),
    "LogScreen": ("n",),
    "ReaderScreen": ("n", *"vpn", "space", *"drops", "f2", "enter"),
    "AnswerScreen": ("n", *"vpn", "space", *"drops", "f4"),
    "NewPersonScreen": ("n", *"gadget", "tab", *"xyzzy", "f10"),
    "NewNamesScreen": ("n", *"gadget", "tab", "tab", *"xyzzy", "ctrl+s"),
    "SearchScreen": ("slash",),
    "KnowledgeScreen": ("K",),
    "GapsScreen": ("K", "X"),
    "NewArticleDialog": ("K", "ctrl+n"),
    "EditorScreen": ("K", "enter", "E"),
    "BoardScreen": ("b",),
    "WallScreen": ("b", "O"),
    "ReassignDialog": ("b", "G", "a"),
    "TicketListScreen": ("b", "j", "j", "j", "j", "j", "enter"),
    "ReportScreen": ("R",),
    "PeriodLine": ("R", "J"),
    "InboxScreen": ("I",),
    "AlarmScreen": ("w",),
    "ManualScreen": ("f1",),
    "HelpScreen": ("question_mark",),
    "NewsScreen": ("ctrl+b",),
    "DeskPalette": ("ctrl+p",),
    "DraftsScreen": ("D",),
    "JumpLine": ("colon",),
    "FindLine": ("enter", "ctrl+f"),
    "FilterLine": ("f",),
    "SaveView": ("f", *"vip", "ctrl+s"),
    "Picker": ("V",),
    "MacroPreview": ("x", "enter"),
    "SaveReply": ("r", "ctrl+n"),
    "StepsScreen": ("G", "enter", "S"),
    "SuggestionsScreen": ("enter", "f2"),
    "ReplyDialog": ("r",),
    "NoteDialog": ("i",),
    "PendDialog": ("p",),
    "ResolveDialog": ("v",),
    "AssignDialog": ("a",),
    "LeadDialog": ("H",),
    "SetDialog": ("s",),
    "LinkDialog": ("L",),
    "MergeDialog": ("M",),
    "TimeDialog": ("T",),
    "PersonDialog": ("g", "P"),
    "SplitDialog": ("Z",),
    "EscalateDialog": ("e",),
    "ReturnDialog": ("t",),
    "FollowUpDialog": ("d",),
    "ReceiveDialog": ("y",),
}
#: Screens that need another agent's change, a refusal, a resolved ticket, a change to take back, or
#: a draft.
ELSEWHERE = frozenset(
    {
        *("DifferenceScreen", "LeaveQuestion", "RefusedScreen", "ReopenDialog"),
        *("TakeOverScreen", "UndoScreen"),
    }
)


def prepare(desk: Desk) -> None:
    """Add what some ways need: a macro, a canned reply, a ticket with an SOP."""
    macros.save(desk, MACRO)
    starter = NewQuery("Starter, mover, leaver: a new starter needs access")
    starter = replace(starter, urgency=Urgency.LOW, impact=Impact.LOW)
    log_query.log_query(desk, starter)


def screens() -> set[type[Screen[object]]]:
    """Return the classes of all screens of the app that are no mere base classes."""
    for module in pkgutil.walk_packages(helpdesk.tui.__path__, "helpdesk.tui."):
        import_module(module.name)
    found: set[type[Screen[object]]] = set()
    new: list[type[Screen[object]]] = [Screen]
    while new:
        classes = [each for base in new for each in base.__subclasses__()]
        found.update(each for each in classes if each.__module__.startswith("helpdesk."))
        new = classes
    return {each for each in found if not each.__subclasses__()}
