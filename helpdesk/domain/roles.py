"""Roles and their rights.  ``helpdesk.desk`` calls :func:`require_right` before every verb."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from helpdesk.domain.errors import NotPermittedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import Verb


class Role(StrEnum):
    """The role of an agent; it is independent of the support levels (L1 … L4) they serve."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Right(StrEnum):
    """A right that a verb requires; the value completes the sentence "ann may not …"."""

    READ = "read tickets and articles"
    WORK = "log, answer and change tickets"
    ASSIGN_OTHERS = "assign tickets to other agents"
    ANY_LEVEL = "work in queues that they do not serve"
    EDIT_KB = "write articles"
    CORRECT_TIME = "correct the time that others have entered"
    SHARE = "share views, macros and replies with the desk"
    SEE_DRAFTS = "see articles that are not published"
    LEAD = "act as the lead"
    MANAGE_POLICY = "change the policy"
    MANAGE_AGENTS = "add and change agents"
    AUDIT = "read the audit trail"
    MANAGE_DATABASE = "upgrade and copy the database"
    SEE_COLLEAGUES = "see colleagues' figures"
    EXPORT = "export tickets"


#: Rights that every role has unless the policy names the roles that have them (``[rights]``).
BY_POLICY = {"colleagues_figures": Right.SEE_COLLEAGUES, "export": Right.EXPORT}
_UNLESS_WITHHELD = frozenset(BY_POLICY.values())


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AGENT: frozenset(
        {Right.READ, Right.WORK, Right.ASSIGN_OTHERS, Right.EDIT_KB, *_UNLESS_WITHHELD}
    ),
    Role.LEAD: frozenset(
        {
            Right.READ,
            Right.WORK,
            Right.ASSIGN_OTHERS,
            Right.ANY_LEVEL,
            Right.EDIT_KB,
            Right.CORRECT_TIME,
            Right.SHARE,
            Right.SEE_DRAFTS,
            Right.LEAD,
            Right.MANAGE_POLICY,
            *_UNLESS_WITHHELD,
        }
    ),
    Role.EDITOR: frozenset({Right.READ, Right.EDIT_KB, Right.SEE_DRAFTS, *_UNLESS_WITHHELD}),
    Role.AUDITOR: frozenset({Right.READ, Right.SEE_DRAFTS, Right.AUDIT, *_UNLESS_WITHHELD}),
    Role.ADMIN: frozenset(Right),
}

#: The roles that work on tickets.  Only they serve levels and have tickets assigned to them.
WORKING_ROLES = frozenset(role for role in Role if Right.WORK in RIGHTS[role])


#: What an agent may do to any ticket, also to one in a queue that they do not serve: a requester
#: may call any agent again, who writes down what they say and answers what they can.
#: Everything else is for those who serve the queue, for the assignee, and for leads.
IN_EVERY_QUEUE = frozenset(
    {Verb.NOTE, Verb.REPLY, Verb.LINK, Verb.REOPEN, Verb.RATE, Verb.TAG, Verb.UNDO}
)


def works_in(
    verb: Verb, queue: Level, role: Role, levels: Iterable[Level], *, assigned: bool
) -> bool:
    """Whether an agent may do something to a ticket in this queue, if their role allows the verb.

    :param levels: the levels that the agent serves.
    :param assigned: whether the ticket is assigned to them.
    """
    in_queue = verb in IN_EVERY_QUEUE or queue in levels or assigned
    return in_queue or has_right(role, Right.ANY_LEVEL)


def queue_rights_table() -> str:
    """Return as a Markdown table what an agent may do in which queue, for the manual."""
    lines = ["| | in their queues, or assigned to them | in every queue |", "| --- | :-: | :-: |"]
    for verb in Verb:
        mark = "✓" if verb in IN_EVERY_QUEUE else ""
        lines.append(f"| `{verb}` | ✓ | {mark} |")
    return "\n".join(lines)


def rights_table() -> str:
    """Return the rights of each role as a Markdown table, for the manual."""
    heads = " | ".join(Role)
    lines = [f"| | {heads} |", "| --- |" + " :-: |" * len(Role)]
    for right in Right:
        marks = " | ".join("✓" if right in RIGHTS[role] else "" for role in Role)
        lines.append(f"| {right} | {marks} |")
    return "\n".join(lines)


#: The rights that the policy takes from a role.
Withheld = Mapping[Right, frozenset[Role]]
NOTHING_WITHHELD: Withheld = MappingProxyType({})


def has_right(role: Role, right: Right, withheld: Withheld = NOTHING_WITHHELD) -> bool:
    """Whether the role includes a right that the policy does not take from it."""
    return right in RIGHTS[role] and role not in withheld.get(right, ())


def require_right(
    login: str, role: Role, right: Right, withheld: Withheld = NOTHING_WITHHELD
) -> None:
    """Refuse an action whose right the role does not include, or the policy takes from it.

    :raises NotPermittedError: naming the agent, the role and the missing right.
    """
    if not has_right(role, right, withheld):
        raise NotPermittedError(
            f"{login} ({role}) may not {right}; ask an administrator of this desk."
        )
