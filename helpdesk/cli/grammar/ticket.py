"""The arguments of ``ticket``, ``view`` and ``macro``."""

from collections.abc import Iterable

from helpdesk.cli.arguments import (
    ArticlePath,
    Commands,
    File,
    Parser,
    add_version_option,
    any_of,
    level_or,
    member_of,
    places,
    positive,
)
from helpdesk.domain.escalation import LEAD, TEAM, Level
from helpdesk.domain.person import person_ref
from helpdesk.domain.query.fields import FIELDS, SORTS
from helpdesk.domain.ticket import Channel, LinkKind, ReplyWay, State, Waiting, ref
from helpdesk.domain.ticket_fields import LOGGED, SETTABLE, TicketField, fields_in_order
from helpdesk.ssh.needs import Need

_SORTS = ("due", "created", "priority")
_ID = f"{ref(1042)} or 1042"


def add_ticket(commands: Commands) -> None:
    """Add ``ticket``, with its commands in the order of the help."""
    _log(commands)
    _list(commands)
    show = _on_ticket(commands, "show", "show everything about a ticket", version=False)
    show.add_argument("--full", action="store_true", help="do not cut long texts")
    _claim(commands)
    _talk(commands)
    _watch(commands)
    _follow_up(commands)
    _hand_over(commands)
    _wait_and_resolve(commands)
    _relate(commands)
    _steps(commands)
    _set(commands)
    _time(commands)
    _on_tickets(commands, "undo", "undo your last change to tickets", version=False)


def _log(commands: Commands) -> None:
    """Add ``new``."""
    new = commands.add("new", "ticket:new", "log a query")
    new.add_argument("-s", "--subject", required=True, metavar="SUBJECT")
    new.add_argument("-b", "--body", default="", metavar="TEXT|-", help="details; - reads stdin")
    new.add_argument(
        "--requester", default="", metavar="NAME|PHONE|MAIL", help=f"or {person_ref(12)}"
    )
    _add_new_person(new)
    _about(new, LOGGED)
    new.add_argument(
        "--channel", type=member_of(Channel), default=Channel.PHONE, help=any_of(Channel)
    )


def _add_new_person(parser: Parser) -> None:
    parser.add_argument(
        "--new-person",
        action="store_true",
        default=None,
        help="a requester whom nobody knows by this name is a new person",
    )


def _list(commands: Commands) -> None:
    """Add ``list``."""
    listing = commands.add(
        "list", "ticket_reading:list_tickets", "list tickets; the open ones by default"
    )
    listing.epilog = f"Fields of a query: {', '.join(FIELDS)}; sort: one of {', '.join(SORTS)}."
    listing.add_argument("--queue", type=member_of(Level), help=any_of(Level))
    listing.add_argument("--state", type=member_of(State), help=any_of(State))
    listing.add_argument("--assignee", metavar="LOGIN", help="- for unclaimed tickets")
    listing.add_argument("--query", metavar="QUERY", help='state:open due<4h -tag:vip "disk"')
    listing.add_argument("--view", metavar="NAME", help="a saved view")
    listing.add_argument("--sort", choices=_SORTS)
    listing.add_argument("--limit", type=positive, metavar="N")


def _claim(commands: Commands) -> None:
    """Add ``next``, ``claim``, ``release`` and ``assign``."""
    following = commands.add(
        "next", "ticket:take_next", "claim the unclaimed ticket that is due first"
    )
    following.add_argument("--queue", type=member_of(Level), help=any_of(Level))
    claim = _on_tickets(commands, "claim", "assign tickets to yourself")
    _add_take_over(claim, "also those of other agents, who are told")
    _on_tickets(commands, "release", "put tickets back, for others to claim")
    assign = _on_tickets(commands, "assign", "give tickets to an agent")
    assign.add_argument("--to", required=True, metavar="LOGIN")
    _add_take_over(assign, "to yourself: also those of other agents, who are told")


def _add_take_over(verb: Parser, summary: str) -> None:
    verb.add_argument("--take-over", action="store_true", help=summary)


def _talk(commands: Commands) -> None:
    """Add ``reply``, ``note`` and ``receive``."""
    for name, summary in (("reply", "answer the requester"), ("note", "add an internal note")):
        verb = _on_tickets(commands, name, summary)
        verb.add_argument("--text", required=True, metavar="TEXT|-", help="- reads stdin")
        if name == "reply":
            verb.add_argument(
                "--by",
                type=member_of(ReplyWay),
                help=f"how they got it: {any_of(ReplyWay)}; without an address it was said",
            )
    receive = _on_tickets(commands, "receive", "record what the requester wrote or said")
    receive.add_argument("--text", required=True, metavar="TEXT|-", help="- reads stdin")
    receive.add_argument(
        "--leave-resolved", action="store_true", help="do not reopen a finished ticket"
    )


def _watch(commands: Commands) -> None:
    """Add ``watch`` and ``unwatch``."""
    _on_ticket(commands, "watch", "get a notice of every change of a ticket", version=False)
    _on_ticket(commands, "unwatch", "get no more notices about a ticket", version=False)


def _follow_up(commands: Commands) -> None:
    """Add ``follow-up``."""
    follow_up = _on_tickets(commands, "follow-up", "set a date to look at tickets again")
    when = follow_up.add_mutually_exclusive_group(required=True)
    when.add_argument("--at", default="", metavar="TIME|2h|3d")
    when.add_argument("--never", action="store_true", help="remove the date")


def _hand_over(commands: Commands) -> None:
    """Add ``escalate`` and ``return``."""
    escalate = _on_tickets(commands, "escalate", "hand tickets to a higher level, or to the lead")
    escalate.add_argument(
        "--to",
        required=True,
        type=level_or(LEAD),
        help=f"{any_of(Level)}; {LEAD}: ask them to step in",
    )
    escalate.add_argument("--reason", default="", metavar="R")
    escalate.add_argument(
        "--note",
        default="",
        metavar="N",
        help="what is asked, or 'tried: …; known: …; asked: …'; - reads stdin",
    )
    escalate.add_argument("--tried", default="", metavar="TEXT", help="what was tried")
    escalate.add_argument("--known", default="", metavar="TEXT", help="what is known")
    escalate.add_argument(
        "--references", default="", metavar="TEXT", help="attachments, articles, tickets, addresses"
    )
    back = _on_tickets(commands, "return", "send tickets back to a lower level, or from the lead")
    back.add_argument(
        "--to", type=level_or(TEAM), help=f"default: one level down; {TEAM}: the lead is done"
    )
    back.add_argument("--reason", default="", metavar="R")
    back.add_argument("--note", default="", metavar="N", help="what is known now; - reads stdin")


def _wait_and_resolve(commands: Commands) -> None:
    """Add ``pend``, ``resume``, ``resolve``, ``reopen`` and ``close``."""
    pend = _on_tickets(commands, "pend", "make tickets wait")
    pend.add_argument("--on", required=True, type=member_of(Waiting), help=any_of(Waiting))
    pend.add_argument("--until", default="", metavar="TIME|2h|3d")
    _on_tickets(commands, "resume", "resume pending tickets")
    resolve = _on_tickets(commands, "resolve", "resolve tickets")
    resolve.add_argument(
        "--article", type=ArticlePath, metavar="PATH", help="the article that answered it"
    )
    resolve.add_argument(
        "--language",
        default="",
        metavar="CODE",
        help="the language of the article's answer, such as de; default: that of the ticket's text",
    )
    resolve.add_argument("--text", default="", metavar="TEXT|-", help="the answer; - reads stdin")
    resolve.add_argument(
        "--with-children",
        action="store_true",
        help="also resolve all open children, with the same answer",
    )
    reopen = _on_tickets(commands, "reopen", "reopen resolved or closed tickets")
    reopen.add_argument("--reason", default="reopened", metavar="R")
    _on_tickets(commands, "close", "close resolved tickets")


def _relate(commands: Commands) -> None:
    """Add ``split``, ``merge`` and ``link``."""
    part = _on_ticket(commands, "split", "log a part of a ticket as a new one")
    part.add_argument("-s", "--subject", required=True, metavar="SUBJECT")
    part.add_argument("-b", "--body", default="", metavar="TEXT|-", help="details; - reads stdin")
    part.add_argument(
        "--entries",
        type=places,
        default=(),
        metavar="3,5-7",
        help="texts that go along, counted as 'ticket show' lists them",
    )
    merge = _on_ticket(commands, "merge", "merge a duplicate into another ticket")
    merge.add_argument("--into", required=True, metavar="ID")
    link = _on_tickets(commands, "link", "link tickets to another ticket")
    link.add_argument("--remove", action="store_true", help="remove the link")
    link.add_argument("--to", required=True, metavar="ID")
    link.add_argument(
        "--kind", type=member_of(LinkKind), default=LinkKind.RELATED, help=any_of(LinkKind)
    )


def _steps(commands: Commands) -> None:
    """Add ``steps`` and ``tick``, for the steps of SOPs."""
    steps = _on_ticket(
        commands, "steps", "list the SOPs that apply, and the steps that are done", version=False
    )
    steps.add_argument("--sop", type=ArticlePath, metavar="PATH", help="only this SOP")
    tick = _on_ticket(commands, "tick", "tick a step of an SOP")
    tick.add_argument("--sop", type=ArticlePath, required=True, metavar="PATH")
    tick.add_argument("--step", required=True, type=positive, metavar="N")
    tick.add_argument("--undo", action="store_true", help="untick the step")
    steps.set_defaults(handler="steps:steps")
    tick.set_defaults(handler="steps:tick")


def _set(commands: Commands) -> None:
    """Add ``set``."""
    change = _on_tickets(commands, "set", "change fields of tickets")
    change.add_argument("-s", "--subject", metavar="SUBJECT")
    change.add_argument("--requester", metavar="NAME|PHONE|MAIL", help=f"or {person_ref(12)}")
    for name, summary in (("add", "who asked the same"), ("remove", "one who did not")):
        change.add_argument(
            f"--{name}-requester", action="append", metavar="NAME|PHONE|MAIL", help=summary
        )
    _add_new_person(change)
    change.add_argument(
        "--csat",
        type=int,
        choices=range(1, 6),
        metavar="1..5",
        help="how satisfied the requester of a resolved ticket is",
    )
    change.add_argument("--tag", metavar="+vip,-x", help="tags to add (+) and to remove (-)")
    change.add_argument("--untag", metavar="x,y", help="tags to remove")
    _about(change, SETTABLE)


def _time(commands: Commands) -> None:
    """Add ``time``."""
    spent = commands.add("time", "time_spent:on_ticket", "record time spent, or list it")
    spent.add_argument("id", metavar="ID")
    spent.add_argument("spent", nargs="?", metavar="1h 30m")
    spent.add_argument("--note", default="", metavar="TEXT|-")
    spent.add_argument("--not-billable", action="store_true")
    spent.add_argument("--start", action="store_true", help="start your timer")
    spent.add_argument("--stop", action="store_true", help="stop your timer and record the minutes")
    spent.add_argument("--drop", action="store_true", help="stop your timer and record nothing")
    spent.add_argument("--correct", type=positive, metavar="ENTRY", help="cancel an entry")


def _about(parser: Parser, fields: Iterable[TicketField]) -> None:
    """Add an option for each field, except those that each command adds by itself."""
    rest = (field for field in fields if field.name not in ("subject", "requester", "channel"))
    for field in fields_in_order(rest, "customer", "service", "kind", "impact", "urgency"):
        if field.choices:
            parser.add_argument(
                f"--{field.name}", type=member_of(field.choices), help=any_of(field.choices)
            )
        else:
            metavar = "NUMBER" if field.name == "callback" else field.label[0]
            parser.add_argument(f"--{field.name}", metavar=metavar)


def _on_tickets(commands: Commands, name: str, summary: str, *, version: bool = True) -> Parser:
    """Add a verb that takes several tickets."""
    verb = _on_ticket(commands, name, summary, version=version, several=True)
    verb.add_argument(
        "--rest",
        action="store_true",
        help="change the tickets that can be changed; default: all of them or none",
    )
    return verb


def _on_ticket(
    commands: Commands, name: str, summary: str, *, version: bool = True, several: bool = False
) -> Parser:
    """Add a verb that takes one ticket, or with ``several`` any number."""
    handler = {"return": "send_back", "set": "set_fields", "undo": "take_back"}.get(name, name)
    handler = handler.replace("-", "_")
    module = "ticket_reading" if name == "show" else "ticket"
    verb = commands.add(name, f"{module}:{handler}", summary)
    if several:
        verb.add_argument("ids", nargs="+", metavar="ID", help=f"{_ID}; - reads stdin")
    else:
        verb.add_argument("id", metavar="ID", help=_ID)
    if version:
        add_version_option(verb, "the ticket is newer than this")
    return verb


def add_view(commands: Commands) -> None:
    """Add ``view``."""
    commands.add("list", "view:list_views", "list the views")
    commands.add("show", "view:show", "show a view's query").add_argument("name", metavar="NAME")
    delete = commands.add("delete", "view:delete", "delete a view")
    delete.add_argument("name", metavar="NAME")
    add_version_option(delete, "its version is not V")
    save = commands.add("save", "view:save", "save a filter under a name")
    save.takes_texts = True
    save.add_argument("name", metavar="NAME")
    save.add_argument("query", metavar="QUERY")
    save.add_argument("--columns", default="", metavar="id,subject,…")
    save.add_argument("--shared", action="store_true", help="for everybody (leads only)")
    add_version_option(save, "a view of this name has another version")


def add_macro(commands: Commands) -> None:
    """Add ``macro``."""
    commands.add("list", "macro:list_macros", "list macros and canned replies")
    show = commands.add("show", "macro:show", "print them as a file to edit and apply")
    show.add_argument("name", nargs="?", metavar="NAME")
    check = commands.add(
        "check", "macro:check", "list every mistake, and names that do not exist", Need.READ_DROP
    )
    check.add_argument(
        "file", nargs="?", type=File, metavar="FILE.toml", help="default: the macros of the desk"
    )
    apply = commands.add(
        "apply", "macro:apply", "save the macros of a file; others stay", Need.READ_DROP
    )
    apply.add_argument("file", type=File, metavar="FILE.toml", help="- reads stdin")
    apply.add_argument("--shared", action="store_true", help="for everybody (leads only)")
    run = commands.add("run", "macro:run", "run a macro on tickets")
    run.add_argument("name", metavar="NAME")
    run.add_argument("ids", nargs="+", metavar="ID")
    run.add_argument("--rest", action="store_true", help="skip the tickets on which it cannot run")
    delete = commands.add("delete", "macro:delete", "delete a macro or canned reply")
    delete.add_argument("name", metavar="NAME")
    add_version_option(delete, "its version is not V")
