"""The grammar of the command line."""

from collections.abc import Iterable

from helpdesk import __version__
from helpdesk.cli.arguments import (
    Commands,
    File,
    Parser,
    common_options,
    level_or,
    levels,
    positive,
    word,
)
from helpdesk.cli.figures_parser import add_export, add_import, add_report
from helpdesk.domain.escalation import LEAD, TEAM, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.query.fields import FIELDS, SORTS
from helpdesk.domain.roles import Role
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting

_SORTS = ("due", "created", "priority")


def build_parser() -> Parser:
    """Return the parser of ``helpdesk``."""
    parser = Parser(
        prog="helpdesk",
        description="A help desk for the terminal. Without a command it opens the app.",
        parents=[common_options()],
        allow_abbrev=False,
    )
    parser.set_defaults(handler="app:run")
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    commands = Commands(parser, required=False)
    commands.group("ticket", "log, list and work on tickets", _ticket)
    commands.group("view", "filters that are kept under a name", _view)
    commands.group("macro", "several steps and a text in one, and canned replies", _macro)
    _inbox(commands.add("inbox", "inbox:run", "what I was told of; the unread by default"))
    commands.add("levels", "levels:run", "the support levels: who serves them, who is on duty")
    _search(commands.add("search", "search:search", "find articles and past tickets"))
    commands.group("kb", "the knowledge base", _kb)
    commands.group("sla", "how due times come about", _sla)
    commands.group("policy", "who is promised what, and what happens when time runs short", _policy)
    commands.group("report", "figures about how the desk does, and who did what", _report)
    commands.group("export", "tickets for other programs", add_export)
    add_import(
        commands.add("import", "exchange:import_file", "take over another program's tickets")
    )
    commands.group("agent", "who works at this desk", _agent)
    commands.group("db", "the database", _db)
    _door(commands.add("door", "door:run", "what sshd starts for an agent, see 'agent key add'"))
    _doctor(commands.add("doctor", "doctor:run", "what is wrong here, and what mends it"))
    _manual(commands.add("manual", "manual:run", "read the manual: how each task is done"))
    _demo(commands.add("demo", "demo:run", "the app on a throw-away desk of made data"))
    return parser


def _report(commands: Commands) -> None:
    add_report(commands)
    audit = commands.add("audit", "audit:report", "who changed what, and what was refused")
    audit.add_argument("--agent", metavar="LOGIN")
    audit.add_argument("--refused", action="store_true", help="refused attempts alone")
    audit.add_argument("--limit", type=positive, default=100, metavar="N", help="the newest N")
    audit.add_argument(
        "--anchor", action="store_true", help="put the trail's end down where door.toml says"
    )
    audit.add_argument(
        "--check-anchors", type=File, metavar="FILE", help="prove the trail against anchors"
    )


def _ticket(commands: Commands) -> None:
    new = commands.add("new", "ticket:new", "log a query")
    new.add_argument("-s", "--subject", required=True, metavar="SUBJECT")
    new.add_argument("-b", "--body", default="", metavar="TEXT|-", help="details; - reads stdin")
    new.add_argument("--requester", default="", metavar="MAIL")
    _about(new)
    new.add_argument("--channel", type=word(Channel), default=Channel.PHONE, help=_any(Channel))

    listing = commands.add(
        "list", "ticket_reading:list_tickets", "list tickets; the open ones by default"
    )
    listing.epilog = f"Fields of a query: {', '.join(FIELDS)}; sort: one of {', '.join(SORTS)}."
    listing.add_argument("--queue", type=word(Level), help=_any(Level))
    listing.add_argument("--state", type=word(State), help=_any(State))
    listing.add_argument("--assignee", metavar="LOGIN", help="- lists those nobody has claimed")
    listing.add_argument("--query", metavar="QUERY", help='state:open due<4h -tag:vip "disk"')
    listing.add_argument("--view", metavar="NAME", help="a saved view")
    listing.add_argument("--sort", choices=_SORTS)
    listing.add_argument("--limit", type=positive, metavar="N")

    _on_ticket(commands, "show", "show everything about a ticket", version=False)
    following = commands.add("next", "ticket:take_next", "claim what is due first of all unclaimed")
    following.add_argument("--queue", type=word(Level), help=_any(Level))
    _on_tickets(commands, "claim", "take tickets")
    _on_tickets(commands, "release", "put tickets back for others to claim")
    assign = _on_tickets(commands, "assign", "give tickets to an agent")
    assign.add_argument("--to", required=True, metavar="LOGIN")
    for name, summary in (("reply", "answer the requester"), ("note", "add an internal note")):
        verb = _on_tickets(commands, name, summary)
        verb.add_argument("--text", required=True, metavar="TEXT|-", help="- reads stdin")
    receive = _on_tickets(commands, "receive", "record what the requester wrote or said")
    receive.add_argument("--text", required=True, metavar="TEXT|-", help="- reads stdin")
    receive.add_argument(
        "--leave-resolved", action="store_true", help="do not take a resolved ticket up again"
    )
    _on_ticket(commands, "watch", "be told of every change of a ticket", version=False)
    _on_ticket(commands, "unwatch", "be told no longer", version=False)
    follow_up = _on_tickets(commands, "follow-up", "look at tickets again on a date")
    when = follow_up.add_mutually_exclusive_group(required=True)
    when.add_argument("--at", default="", metavar="TIME|2h|3d")
    when.add_argument("--never", action="store_true", help="take the date back")
    _hand_over(commands)
    pend = _on_tickets(commands, "pend", "let tickets wait")
    pend.add_argument("--on", required=True, type=word(Waiting), help=_any(Waiting))
    pend.add_argument("--until", default="", metavar="TIME|2h|3d")
    _on_tickets(commands, "resume", "go on with pending tickets")
    resolve = _on_tickets(commands, "resolve", "resolve tickets")
    resolve.add_argument("--article", metavar="PATH", help="the article that answered it")
    resolve.add_argument("--text", default="", metavar="TEXT|-", help="the answer; - reads stdin")
    reopen = _on_tickets(commands, "reopen", "take resolved or closed tickets up again")
    reopen.add_argument("--reason", default="reopened", metavar="R")
    _on_tickets(commands, "close", "close resolved tickets")
    resolve.add_argument(
        "--with-children", action="store_true", help="and all its open children, with the answer"
    )
    part = _on_ticket(commands, "split", "log a part of a ticket as a new one")
    part.add_argument("-s", "--subject", required=True, metavar="SUBJECT")
    part.add_argument("-b", "--body", default="", metavar="TEXT|-", help="details; - reads stdin")
    merge = _on_ticket(commands, "merge", "end a duplicate in favour of another ticket")
    merge.add_argument("--into", required=True, metavar="ID")
    link = _on_tickets(commands, "link", "relate tickets to another")
    link.add_argument("--remove", action="store_true", help="take the link away")
    link.add_argument("--to", required=True, metavar="ID")
    link.add_argument("--kind", type=word(LinkKind), default=LinkKind.RELATED, help=_any(LinkKind))
    steps = _on_ticket(
        commands, "steps", "list the SOPs that apply, and what is done", version=False
    )
    steps.add_argument("--sop", metavar="PATH", help="this SOP alone")
    tick = _on_ticket(commands, "tick", "tick a step of an SOP")
    tick.add_argument("--sop", required=True, metavar="PATH")
    tick.add_argument("--step", required=True, type=positive, metavar="N")
    tick.add_argument("--undo", action="store_true", help="take the tick back")
    steps.set_defaults(handler="steps:steps")
    tick.set_defaults(handler="steps:tick")
    change = _on_tickets(commands, "set", "change what tickets say about themselves")
    change.add_argument("-s", "--subject", metavar="SUBJECT")
    change.add_argument("--requester", metavar="MAIL")
    change.add_argument(
        "--csat",
        type=int,
        choices=range(1, 6),
        metavar="1..5",
        help="how content the requester is with a resolved ticket",
    )
    change.add_argument("--tag", metavar="+vip,-x", help="tags to put on (+) and to take off (-)")
    change.add_argument("--untag", metavar="x,y", help="tags to take off")
    _about(change)
    spent = commands.add("time", "time_spent:on_ticket", "record time spent, or list it")
    spent.add_argument("id", metavar="ID")
    spent.add_argument("spent", nargs="?", metavar="1h 30m")
    spent.add_argument("--note", default="", metavar="TEXT|-")
    spent.add_argument("--not-billable", action="store_true")
    spent.add_argument("--start", action="store_true", help="start your timer")
    spent.add_argument("--stop", action="store_true", help="stop it and record the minutes")
    spent.add_argument("--drop", action="store_true", help="stop it and record nothing")
    spent.add_argument("--correct", type=positive, metavar="ENTRY", help="take an entry back")
    _on_tickets(commands, "undo", "take your last change of tickets back", version=False)


def _on_tickets(commands: Commands, name: str, summary: str, *, version: bool = True) -> Parser:
    """Add a verb that takes several tickets."""
    verb = _on_ticket(commands, name, summary, version=version, several=True)
    verb.add_argument(
        "--rest",
        action="store_true",
        help="of several tickets do those that can be done; default: all of them or none",
    )
    return verb


def _on_ticket(
    commands: Commands, name: str, summary: str, *, version: bool = True, several: bool = False
) -> Parser:
    handler = {"return": "send_back", "set": "set_fields", "undo": "take_back"}.get(name, name)
    handler = handler.replace("-", "_")
    module = "ticket_reading" if name == "show" else "ticket"
    verb = commands.add(name, f"{module}:{handler}", summary)
    if several:
        verb.add_argument("ids", nargs="+", metavar="ID", help="HD-1042 or 1042; - reads stdin")
    else:
        verb.add_argument("id", metavar="ID", help="HD-1042 or 1042")
    if version:
        _seen(verb, "the ticket is newer than this")
    return verb


def _seen(verb: Parser, unless: str) -> None:
    verb.add_argument(
        "--version",
        dest="seen_version",
        type=positive,
        metavar="V",
        help=f"refuse (exit 3) if {unless}",
    )


def _hand_over(commands: Commands) -> None:
    escalate = _on_tickets(commands, "escalate", "hand tickets to a higher level, or to the lead")
    escalate.add_argument(
        "--to", required=True, type=level_or(LEAD), help=f"{_any(Level)}; {LEAD}: ask them in"
    )
    escalate.add_argument("--reason", default="", metavar="R")
    escalate.add_argument("--note", default="", metavar="N", help="what is asked; - reads stdin")
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


def _about(parser: Parser) -> None:
    parser.add_argument("--customer", metavar="C", default=None)
    parser.add_argument("--service", metavar="S", default=None)
    parser.add_argument("--kind", type=word(Kind), help=_any(Kind))
    parser.add_argument("--impact", type=word(Impact), help=_any(Impact))
    parser.add_argument("--urgency", type=word(Urgency), help=_any(Urgency))


def _view(commands: Commands) -> None:
    commands.add("list", "view:list_views", "list the views")
    commands.add("show", "view:show", "show a view's query").add_argument("name", metavar="NAME")
    delete = commands.add("delete", "view:delete", "forget a view")
    delete.add_argument("name", metavar="NAME")
    _seen(delete, "it has another version")
    save = commands.add("save", "view:save", "keep a filter under a name")
    save.add_argument("name", metavar="NAME")
    save.add_argument("query", metavar="QUERY")
    save.add_argument("--columns", default="", metavar="id,subject,…")
    save.add_argument("--shared", action="store_true", help="for everybody; leads may")
    _seen(save, "there is one of the name with another version")


def _macro(commands: Commands) -> None:
    commands.add("list", "macro:list_macros", "list macros and canned replies")
    show = commands.add("show", "macro:show", "print them as a file to edit and apply")
    show.add_argument("name", nargs="?", metavar="NAME")
    check = commands.add("check", "macro:check", "name every mistake, and what is not there")
    check.add_argument("file", nargs="?", metavar="FILE.toml", help="default: those of the desk")
    apply = commands.add("apply", "macro:apply", "keep those of a file; others stay")
    apply.add_argument("file", metavar="FILE.toml", help="- reads stdin")
    apply.add_argument("--shared", action="store_true", help="for everybody; leads may")
    run = commands.add("run", "macro:run", "do a macro to tickets")
    run.add_argument("name", metavar="NAME")
    run.add_argument("ids", nargs="+", metavar="ID")
    run.add_argument("--rest", action="store_true", help="do those tickets that can be done")
    delete = commands.add("delete", "macro:delete", "forget a macro or canned reply")
    delete.add_argument("name", metavar="NAME")
    _seen(delete, "it has another version")


def _inbox(parser: Parser) -> None:
    parser.add_argument("--all", action="store_true", help="the read ones as well")
    parser.add_argument("--limit", type=positive, default=100, metavar="N")
    parser.add_argument("--mark-read", action="store_true", help="mark all as read after listing")


def _search(parser: Parser) -> None:
    parser.add_argument("text", nargs="?", metavar="TEXT")
    parser.add_argument("--in", dest="scope", choices=("kb", "tickets", "all"), default="all")
    parser.add_argument("-n", dest="limit", type=positive, default=10, metavar="N")
    parser.add_argument(
        "--drafts", action="store_true", help="drafts of articles, too (for editors)"
    )
    parser.add_argument(
        "--batch", type=File, metavar="FILE.jsonl", help='a line {"q": …} in, a line out'
    )


def _kb(commands: Commands) -> None:
    commands.add("list", "kb:list_articles", "list the articles")
    show = commands.add("show", "kb:show", "show an article")
    show.add_argument("path", metavar="PATH", help="as in 'kb list', such as vpn/reset-token.md")
    new = commands.add("new", "kb:new", "start an article from a template")
    new.add_argument("path", metavar="PATH")
    new.add_argument("--title", default="", metavar="TITLE")
    new.add_argument("--template", "--kind", choices=("article", "sop"), default="article")
    new.add_argument("--from", dest="ticket", metavar="ID", help="with a ticket's words")
    commands.add("check", "kb:check", "name every mistake in the files")
    stats = commands.add("stats", "kb:stats", "what is used, what is not, and what is missing")
    stats.add_argument("--days", type=positive, default=90, metavar="N", help="how far back (90)")


def _sla(commands: Commands) -> None:
    explain = commands.add("explain", "sla:explain", "tell how a due time came about")
    explain.add_argument("id", metavar="ID")
    simulate = commands.add("simulate", "sla:simulate", "run the clock on a case file")
    simulate.add_argument("file", type=File, metavar="FILE.json", help="- reads stdin")


def _policy(commands: Commands) -> None:
    check = commands.add("check", "policy:check", "name every mistake in a policy file")
    check.add_argument(
        "file", nargs="?", type=File, metavar="FILE.toml", help="default: the policy in force"
    )
    preview = commands.add("preview", "policy:preview", "what a file would change for open tickets")
    preview.add_argument("file", type=File, metavar="FILE.toml")
    apply = commands.add("apply", "policy:apply", "bring a policy file into force")
    apply.add_argument("file", type=File, metavar="FILE.toml")
    _seen(apply, "another version is in force")
    show = commands.add("show", "policy:show", "print the policy in force")
    show.add_argument(
        "file",
        nargs="?",
        type=File,
        metavar="FILE.toml",
        help="a file to print instead, if it is sound",
    )
    show.add_argument("--version", dest="policy_version", type=positive, metavar="N")


def _agent(commands: Commands) -> None:
    add = commands.add("add", "agent:add", "add an agent")
    add.add_argument("login", metavar="LOGIN")
    add.add_argument("--level", required=True, type=levels, metavar="L1[,L2]")
    add.add_argument("--role", type=word(Role), default=Role.AGENT, help=_any(Role))
    add.add_argument("--name", default="", metavar="N")
    commands.add("list", "agent:list_agents", "list the agents")
    change = commands.add("set", "agent:change", "change an agent's levels, role or name")
    change.add_argument("login", metavar="LOGIN")
    change.add_argument("--level", type=levels, metavar="L1[,L2]")
    change.add_argument("--role", type=word(Role), help=_any(Role))
    change.add_argument("--name", metavar="N")
    _seen(change, "the agent has another version")
    for name, summary in (
        ("disable", "shut an agent out; what they did stays"),
        ("enable", "let a disabled agent in again"),
    ):
        verb = commands.add(name, f"agent:{name}", summary)
        verb.add_argument("login", metavar="LOGIN")
        _seen(verb, "the agent has another version")
    commands.add("connections", "agent:list_connections", "who is signed in over SSH now")
    commands.group("key", "the SSH keys with which agents come in", _agent_key)


def _agent_key(commands: Commands) -> None:
    add = commands.add("add", "agent_key:add", "let an agent in with a public key")
    add.add_argument("login", metavar="LOGIN")
    add.add_argument(
        "file", type=File, metavar="FILE", help="the file that ends in .pub; - reads stdin"
    )
    listing = commands.add("list", "agent_key:list_keys", "list the keys of all agents, or of one")
    listing.add_argument("login", nargs="?", metavar="LOGIN")
    remove = commands.add("remove", "agent_key:remove", "shut a key out and end its connections")
    remove.add_argument("login", metavar="LOGIN")
    remove.add_argument("fingerprint", metavar="FINGERPRINT", help="as 'list' shows it")
    commands.add("write", "agent_key:write", "write all keys into sshd's file anew")
    authorized = commands.add("authorized", "agent_key:authorized", "print the lines for sshd")
    authorized.add_argument("fingerprint", nargs="?", metavar="FINGERPRINT")


def _db(commands: Commands) -> None:
    commands.add("status", "db:status", "tell the schema's version")
    upgrade = commands.add("upgrade", "db:upgrade", "bring the schema to this program's version")
    upgrade.add_argument("--backup", metavar="PATH", help="where the backup before it goes")
    upgrade.add_argument(
        "--no-backup", dest="take_backup", action="store_false", help="take none before it"
    )
    backup = commands.add("backup", "db:backup", "take a backup while everybody works; verified")
    backup.add_argument("path", metavar="PATH", help="a file; with --keep a folder")
    backup.add_argument(
        "--keep", type=positive, metavar="N", help="give it a dated name, and keep the newest N"
    )
    restore = commands.add("restore", "db:restore", "put a backup in the desk's place")
    restore.add_argument("path", metavar="PATH")
    restore.add_argument("--replace", action="store_true", help="also where there is a desk")
    commands.add("check", "db:check", "tell whether data, references, clocks and index are whole")
    copy = commands.add("copy", "db:copy", "copy the desk into a new database of either engine")
    copy.add_argument("--to", required=True, metavar="URL")


def _door(parser: Parser) -> None:
    parser.add_argument("--key", default="", metavar="FINGERPRINT")
    parser.add_argument("--home", metavar="DIR", help="the account's home, if it is not its own")


def _doctor(parser: Parser) -> None:
    parser.add_argument("--sshd", action="store_true", help="print what belongs into sshd's file")
    parser.add_argument("--sshd-config", type=File, metavar="FILE", help="default: the host's")


def _manual(parser: Parser) -> None:
    parser.add_argument("page", nargs="?", metavar="PAGE", help="default: the list of pages")
    parser.add_argument("--search", metavar="WORDS", help="the sections that have all these words")


def _demo(parser: Parser) -> None:
    parser.add_argument("--tickets", type=positive, default=500, metavar="N")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed, the same desk"
    )
    parser.add_argument(
        "--make-only", action="store_true", help="fill the desk named by --db, do not open the app"
    )


def _any(kind: Iterable[str]) -> str:
    return "|".join(kind)
