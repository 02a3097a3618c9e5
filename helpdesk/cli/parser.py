"""The parser of the command line, with the commands in the order of the help."""

from helpdesk import __version__
from helpdesk.cli.arguments import Commands, Parser, common_options
from helpdesk.cli.grammar.administration import add_db, add_demo, add_doctor, add_door, add_manual
from helpdesk.cli.grammar.knowledge import add_kb, add_search
from helpdesk.cli.grammar.people import add_agent, add_customer, add_inbox, add_people
from helpdesk.cli.grammar.policy import add_policy, add_sla
from helpdesk.cli.grammar.reports import add_export, add_import, add_report
from helpdesk.cli.grammar.ticket import add_macro, add_ticket, add_view
from helpdesk.ssh.needs import Need


def build_parser() -> Parser:
    """Return the parser of ``helpdesk``."""
    parser = Parser(
        prog="helpdesk",
        description="A help desk for the terminal. Without a command it opens the app.",
        parents=[common_options()],
        allow_abbrev=False,
    )
    parser.set_defaults(handler="app:run", need=Need.APP)
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    commands = Commands(parser, required=False)
    commands.group("ticket", "log, list and work on tickets", add_ticket)
    commands.group("people", "the people who send queries", add_people)
    commands.group("customer", "the customers, and the notes on them", add_customer)
    commands.group("view", "saved filters", add_view)
    commands.group("macro", "macros (several steps in one) and canned replies", add_macro)
    add_inbox(commands.add("inbox", "inbox:run", "list your notices; the unread ones by default"))
    commands.add("levels", "levels:run", "the support levels: who serves them, who is on duty")
    add_search(
        commands.add("search", "search:search", "find articles and past tickets", Need.READ_DROP)
    )
    commands.group("kb", "the knowledge base", add_kb)
    commands.group("sla", "explain due times, and simulate the SLA clocks", add_sla)
    commands.group("policy", "SLAs, support hours, levels and escalation rules", add_policy)
    commands.group("report", "KPIs, time spent and the audit trail", add_report)
    commands.group("export", "tickets for other programs", add_export)
    add_import(
        commands.add(
            "import", "exchange:import_file", "import another program's tickets", Need.READ_DROP
        )
    )
    commands.group("agent", "the agents of this desk", add_agent)
    commands.group("db", "the database", add_db)
    add_door(commands.add("door", "door:run", "started by sshd for an agent, see 'agent key add'"))
    add_doctor(
        commands.add(
            "doctor", "doctor:run", "check this installation, and name the fix for each problem"
        )
    )
    add_manual(commands.add("manual", "manual:run", "read the manual: how each task is done"))
    add_demo(
        commands.add("demo", "demo:run", "open the app on a throw-away desk with made-up data")
    )
    return parser
