"""The arguments of ``people``, ``customer``, ``agent``, ``agent key`` and ``inbox``."""

import argparse

from helpdesk.cli.arguments import (
    Commands,
    File,
    Parser,
    add_version_option,
    any_of,
    levels,
    member_of,
    positive,
)
from helpdesk.domain.i18n import _
from helpdesk.domain.person import person_ref
from helpdesk.domain.roles import WORKING_ROLES, Role
from helpdesk.ssh.needs import Need


def add_inbox(parser: Parser) -> None:
    """Add ``inbox``."""
    parser.add_argument("--all", action="store_true", help="also list the notices that were read")
    parser.add_argument("--limit", type=positive, default=100, metavar="N")
    parser.add_argument("--mark-read", action="store_true", help="mark all as read after listing")


def add_agent(commands: Commands) -> None:
    """Add ``agent``."""
    add = commands.add("add", "agent:add", "add an agent")
    add.add_argument("login", metavar="LOGIN")
    add.add_argument(
        "--level", type=levels, metavar="L1[,L2]", help="required for roles that work on tickets"
    )
    add.add_argument("--role", type=member_of(Role), default=Role.AGENT, help=any_of(Role))
    add.add_argument("--name", default="", metavar="N")
    add.problem = _missing_level
    commands.add("list", "agent:list_agents", "list the agents")
    change = commands.add("set", "agent:change", "change an agent's levels, role or name")
    change.add_argument("login", metavar="LOGIN")
    change.add_argument("--level", type=levels, metavar="L1[,L2]")
    change.add_argument("--role", type=member_of(Role), help=any_of(Role))
    change.add_argument("--name", metavar="N")
    add_version_option(change, "the agent has another version")
    for name, summary in (
        ("disable", "lock an agent out; their history is kept"),
        ("enable", "let a disabled agent in again"),
    ):
        verb = commands.add(name, f"agent:{name}", summary, Need.KEYS)
        verb.add_argument("login", metavar="LOGIN")
        add_version_option(verb, "the agent has another version")
    commands.add("connections", "agent:list_connections", "who is signed in over SSH now")
    commands.group("key", "the SSH keys with which agents sign in", _agent_key)


def _missing_level(arguments: argparse.Namespace) -> str:
    if arguments.level or arguments.role not in WORKING_ROLES:
        return ""
    return _("name the levels that the agent serves: --level L1 or --level L1,L2")


def _agent_key(commands: Commands) -> None:
    add = commands.add(
        "add", "agent_key:add", "let an agent sign in with a public key", Need.KEYS | Need.READ_DROP
    )
    add.add_argument("login", metavar="LOGIN")
    add.add_argument(
        "file", type=File, metavar="FILE", help="the file that ends in .pub; - reads stdin"
    )
    listing = commands.add("list", "agent_key:list_keys", "list the keys of all agents, or of one")
    listing.add_argument("login", nargs="?", metavar="LOGIN")
    remove = commands.add(
        "remove", "agent_key:remove", "remove a key and end its connections", Need.KEYS
    )
    remove.add_argument("login", metavar="LOGIN")
    remove.add_argument("fingerprint", metavar="FINGERPRINT", help="as 'list' shows it")
    commands.add("write", "agent_key:write", "rewrite all keys in sshd's file", Need.KEYS)
    authorized = commands.add("authorized", "agent_key:authorized", "print the lines for sshd")
    authorized.add_argument("fingerprint", nargs="?", metavar="FINGERPRINT")


def add_people(commands: Commands) -> None:
    """Add ``people``."""
    find = commands.add("find", "people:find", "find people by name, telephone number or address")
    find.takes_texts = True
    find.add_argument("text", metavar="TEXT", help="how a word, a number or an address begins")
    find.add_argument("--limit", type=positive, default=20, metavar="N")
    commands.add("list", "people:list_people", "list all people")
    show = commands.add("show", "people:show", "show a person with their tickets")
    _add_person(show)
    show.add_argument("--limit", type=positive, default=20, metavar="N", help="of their tickets")
    add = commands.add("add", "people:add", "add a person")
    add.add_argument("name", metavar="NAME")
    _add_values(add)
    change = commands.add("set", "people:change", "change what is known of a person")
    _add_person(change)
    change.add_argument("--name", metavar="N")
    _add_values(change)
    add_version_option(change, "the person has another version")
    join = commands.add("join", "people:join", "join two records of one person")
    _add_person(join)
    join.add_argument("--into", required=True, metavar="PERSON", help="the record that stays")
    separate = commands.add("separate", "people:separate", "take back the join of two records")
    separate.add_argument(
        "person", metavar="RECORD", help="the joined record's number (people show) or address"
    )
    erase = commands.add("erase", "people:erase", "erase what is known of a person")
    _add_person(erase)
    erase.add_argument("--yes", action="store_true", help="do not ask; nothing brings it back")


def _add_person(parser: Parser) -> None:
    parser.add_argument(
        "person", metavar="PERSON", help=f"{person_ref(12)}, an address, a name or a number"
    )


def _add_values(parser: Parser) -> None:
    parser.add_argument("--mail", metavar="ADDRESS", help='"" removes it')
    for name, metavar in (("phone", "NUMBER"), ("room", "ROOM"), ("device", "DEVICE")):
        parser.add_argument(f"--{name}", metavar=metavar)
    parser.add_argument("--language", metavar="CODE", help="en, de, pt-br …")
    parser.add_argument("--customer", metavar="C")
    parser.add_argument("--note", metavar="TEXT|-", help="what agents should know; - reads stdin")
    vip = parser.add_mutually_exclusive_group()
    vip.add_argument("--vip", action="store_true", default=None)
    vip.add_argument("--no-vip", dest="vip", action="store_false", default=None)


def add_customer(commands: Commands) -> None:
    """Add ``customer``."""
    commands.add("list", "people:list_customers", "list the customers with the notes on them")
    change = commands.add("set", "people:set_customer", "set the note on a customer")
    change.add_argument("name", metavar="CUSTOMER")
    change.add_argument(
        "--note", required=True, metavar="TEXT|-", help='- reads stdin, "" removes it'
    )
    add_version_option(change, "the customer has another version")
