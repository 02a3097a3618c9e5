"""Readers of the tables from ``[pauses]`` to ``[rights]``: the desk's own rules."""

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.policy.after_close import AfterClose
from helpdesk.domain.policy.knowledge_terms import ExternalEditor, KnowledgeTerms
from helpdesk.domain.policy.ssh_terms import SshTerms
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency
from helpdesk.domain.roles import BY_POLICY, Right, Role
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.pauses import DEFAULT_PAUSES, PENDING_ON, Pauses
from helpdesk.domain.ticket import Waiting
from helpdesk.policy.duration import parse_span
from helpdesk.policy.table import Table

#: The words of ``[closing] after_close``.
_REOPEN, _NEW = "reopen", "new"


def read_pauses(document: Table) -> Pauses:
    """Return which reasons for waiting pause which clock; a missing clock has the default."""
    table = document.table("pauses")
    table.allow("next_update", "resolution")
    return Pauses(
        next_update=_kinds(table, "next_update", DEFAULT_PAUSES.next_update),
        resolution=_kinds(table, "resolution", DEFAULT_PAUSES.resolution),
    )


def _kinds(table: Table, clock: str, default: frozenset[EventKind]) -> frozenset[EventKind]:
    if clock not in table:
        return default
    return frozenset(PENDING_ON[waiting] for waiting in table.words(clock, Waiting))


def read_matrix(document: Table) -> dict[tuple[Impact, Urgency], Priority]:
    """Return the priority for each impact and urgency; the default is the common ITIL matrix."""
    matrix = dict(MATRIX)
    if "matrix" not in document:
        return matrix
    table = document.table("matrix")
    table.allow(*Impact)
    table.require(*Impact)
    for impact in Impact:
        row = table.table(impact)
        row.allow(*Urgency)
        if impact in table:
            row.require(*Urgency)
        for urgency in Urgency:
            matrix[impact, urgency] = row.word(urgency, Priority) or matrix[impact, urgency]
    return matrix


def read_closing(document: Table) -> int | None:
    """Return the seconds after which a resolved ticket is closed automatically; None: never."""
    table = document.table("closing")
    table.allow("after_resolved", "after_close")
    return table.span("after_resolved")


def read_after_close(document: Table) -> AfterClose:
    """Return what a requester's message about a closed ticket does; by default it reopens it."""
    table = document.table("closing")
    value = table.values.get("after_close", _REOPEN)
    if value == _REOPEN:
        return AfterClose()
    if value == _NEW:
        return AfterClose(0)
    words = value.split() if isinstance(value, str) else []
    try:
        if words[:2] == [_NEW, "after"]:
            return AfterClose(parse_span(" ".join(words[2:])))
    except RefusedError as error:
        table.reject("after_close", str(error))
        return AfterClose()
    table.reject(
        "after_close", f"{value!r:.40} is not one of: {_REOPEN}, {_NEW}, {_NEW} after 30d."
    )
    return AfterClose()


def read_knowledge(document: Table) -> KnowledgeTerms:
    """Return the settings of the knowledge base; missing keys have their default value."""
    table = document.table("knowledge")
    table.allow("review_every", "keep_searches", "external_editor", "approval", "teams")
    default = KnowledgeTerms()
    return KnowledgeTerms(
        review_every_s=table.span("review_every") or default.review_every_s,
        keep_searches_s=table.span("keep_searches") or default.keep_searches_s,
        external_editor=table.word("external_editor", ExternalEditor) or default.external_editor,
        approval=table.flag("approval"),
        teams=table.texts("teams"),
    )


def read_ssh(document: Table) -> SshTerms:
    """Return the limits of SSH access, the table ``[door]``."""
    table = document.table("door")
    table.allow("idle_timeout", "max_connections")
    return SshTerms(idle_s=table.span("idle_timeout"), connections=table.count("max_connections"))


def read_clipboard(document: Table) -> bool:
    """Return whether the app may copy to the terminal's clipboard, of the table ``[terminal]``."""
    table = document.table("terminal")
    table.allow("clipboard")
    return table.flag("clipboard", default=True)


def read_rights(document: Table) -> dict[Right, frozenset[Role]]:
    """Return which roles lack the rights that ``[rights]`` gives to others; default: none does."""
    table = document.table("rights")
    table.allow(*BY_POLICY)
    return {
        right: frozenset(Role) - frozenset(table.words(key, Role))
        for key, right in BY_POLICY.items()
        if key in table
    }
