"""Save, check, preview and run the macros and canned replies of this desk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.bulk import bulk
from helpdesk.desk.escalation.hand_over import Escalate, SendBack
from helpdesk.desk.knowledge.articles import require_article
from helpdesk.desk.macro.files import Flaw, MacroText, flaws_of, read_file
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Pend, Release, Reply, Resume
from helpdesk.desk.ticket.resolving import Close, Reopen, resolve_with
from helpdesk.desk.ticket.set_fields import SetFields, Tag
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work import fields, named_items
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.errors import DeskError, NotFoundError, RefusedError
from helpdesk.domain.escalation import HandOver
from helpdesk.domain.macro import MacroStep, read_step
from helpdesk.domain.placeholders import fill_placeholders
from helpdesk.domain.roles import WORKING_ROLES, Right
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import Verb
from helpdesk.domain.ticket_fields import SETTABLE
from helpdesk.store import saved_items
from helpdesk.store.models import Macro
from helpdesk.store.people import people, serving


@dataclass(frozen=True, slots=True)
class MacroView:
    """A saved macro; without steps it is a canned reply.

    :ivar owner: the login of the agent who saved it.
    :ivar version: how often it was saved.
    """

    name: str
    steps: tuple[str, ...]
    text: str
    shared: bool
    owner: str
    version: int

    @property
    def written(self) -> MacroText:
        """The macro as it is written to a file."""
        return MacroText(self.name, self.steps, self.text, self.version)


@dataclass(frozen=True, slots=True)
class MacroRunPreview:
    """What a macro would do to a ticket.

    :ivar text: the macro's text with the placeholders filled; "" if the macro has mistakes.
    :ivar flaws: the mistakes in the macro, which prevent it from running.
    """

    macro: MacroView
    text: str
    flaws: tuple[Flaw, ...]


def list_macros(desk: Desk) -> tuple[MacroView, ...]:
    """Return the agent's own macros and replies and the shared ones, by name."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(
            MacroView(row.name, tuple(row.steps), row.text, row.shared, login, row.version)
            for row, login in saved_items.visible(session, Macro, desk.agent_id)
        )


def show(desk: Desk, name: str) -> MacroView:
    """Return the macro or reply with that name.

    :raises NotFoundError: if there is none.
    """
    found = next((macro for macro in list_macros(desk) if macro.name == name.strip()), None)
    if found is None:
        raise NotFoundError(
            f"there is no macro {one_line(name)[:60]!r}; 'helpdesk macro list' shows them."
        )
    return found


def save(desk: Desk, text: str, *, shared: bool = False) -> tuple[MacroView, ...]:
    """Save all macros of a file; they replace saved ones with the same names.

    If one of them cannot be saved, none is.

    :param text: the text of the file; a macro with a version in it replaces that version only.
    :param shared: whether to save them for all agents instead of the acting agent.
    :raises ConflictError: if a macro has another version than the file names.
    :raises RefusedError: if the file has a mistake or holds no macro.
    :raises NotPermittedError: if the agent's role does not allow saving or sharing.
    """
    desk.require(Right.SHARE if shared else Right.WORK)
    found, flaws = read_file(text)
    if flaws:
        more = f" ({len(flaws) - 1} more: 'helpdesk macro check' names all)" if flaws[1:] else ""
        raise RefusedError(f"nothing was kept: {str(flaws[0]).rstrip('.')}{more}.")
    if not found:
        raise RefusedError("the file holds no macro and no reply.")
    saved = []
    with desk.database.write() as session:
        for macro in found:
            row = named_items.row_to_write(
                desk, session, Macro, macro.name, shared=shared, seen=macro.version
            )
            row.steps, row.text = list(macro.steps), macro.text
            saved.append(
                MacroView(macro.name, macro.steps, macro.text, shared, desk.login, row.version)
            )
    return tuple(saved)


def version_of(desk: Desk, name: str, *, shared: bool) -> int:
    """Return the version of the macro or reply that saving under this name replaces; 0: none."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        row = saved_items.find(session, Macro, desk.agent_id, name.strip(), shared=shared)
        return row.version if row else 0


def delete(desk: Desk, name: str, version: int | None = None) -> MacroView:
    """Delete the agent's own macro of that name, or else the shared one; return what it was.

    :param version: the version that the agent has seen; None: any.
    :raises ConflictError: if the macro has another version now.
    :raises NotFoundError: if there is no such macro.
    :raises NotPermittedError: if somebody else shared it and the agent is not a lead.
    """
    found = show(desk, name)
    named_items.delete_row(
        desk, Macro, found.name, shared=found.shared, owner=found.owner, seen=version
    )
    return found


def check(desk: Desk, macros: Sequence[MacroText] | None = None) -> tuple[Flaw, ...]:
    """Return every mistake in macros, including names that this desk does not know.

    :param macros: the macros to check; by default all that the agent can use.
    """
    if macros is None:
        macros = [macro.written for macro in list_macros(desk)]
    found: list[Flaw] = []
    with desk.database.read() as session:
        for macro in macros:
            flaws = list(flaws_of(macro))
            found += flaws or _unknown_names(desk, session, macro)
    return tuple(found)


def _unknown_names(desk: Desk, session: Session, macro: MacroText) -> Iterator[Flaw]:
    """Yield a mistake for each step that names something that is not on this desk."""
    for number, line in enumerate(macro.steps, 1):
        sentence = _unknown_name(desk, session, read_step(line))
        if sentence:
            yield Flaw(macro.name, number, f"{line}: {sentence}")


def _unknown_name(desk: Desk, session: Session, step: MacroStep) -> str:
    """Return a sentence about a name in the step that is not on this desk, or ""."""
    if step.level is not None:
        if step.level not in agreement.rules_in_force(session).levels:
            return f"there is no queue {step.level} in the policy any more."
        if not serving.members(session, step.level):
            return f"nobody serves the queue {step.level} any more."
    try:
        if step.verb is Verb.ASSIGN and step.who != "me":
            agent = people.require_agent(session, step.who)
            if agent.role not in WORKING_ROLES:
                return f"{step.who} ({agent.role}) does not work on tickets."
        if step.verb is Verb.RESOLVE and step.words:
            require_article(desk, step.words)
    except DeskError as error:
        return str(error)
    for name, value in step.fields:
        if name == "service" and people.service(session, value) is None:
            return f"there is no service {value!r} on this desk: name one of its services."
        if name == "customer" and people.customer(session, value) is None:
            return f"there is no customer {value!r} on this desk."
    return ""


def preview(desk: Desk, name: str, number: int) -> MacroRunPreview:
    """Return what a macro would do to a ticket, without changing anything.

    :raises NotFoundError: if there is no such macro or ticket.
    """
    macro = show(desk, name)
    flaws = check(desk, [macro.written])
    text = (
        "" if flaws else fill_placeholders(macro.text, values(desk, show_ticket.show(desk, number)))
    )
    return MacroRunPreview(macro, text, flaws)


def reply_text(desk: Desk, name: str, number: int) -> str:
    """Return the text of a canned reply with the placeholders filled for a ticket.

    :raises NotFoundError: if there is no such reply or ticket.
    """
    return fill_placeholders(show(desk, name).text, values(desk, show_ticket.show(desk, number)))


def run(desk: Desk, name: str, numbers: Sequence[int], *, rest: bool = False) -> bulk.BulkOutcome:
    """Run a macro on each of these tickets; on one ticket either all steps are done or none.

    :param rest: as in :func:`helpdesk.desk.bulk.bulk.apply`.
    :raises NotFoundError: if there is no such macro or ticket.
    :raises RefusedError: if the macro is a canned reply or has a mistake; nothing is done then.
    """
    desk.require(Right.WORK)
    macro = show(desk, name)
    if not macro.steps:
        raise RefusedError(f"{macro.name!r} is a canned reply: use it in a reply, with F3.")
    flaws = check(desk, [macro.written])
    if flaws:
        raise RefusedError(f"nothing was done, the macro {str(flaws[0]).rstrip('.')}.")
    steps = [read_step(line) for line in macro.steps]
    actions = {
        number: [_action(desk, step, macro.text, values(desk, view)) for step in steps]
        for number, view in ((number, show_ticket.show(desk, number)) for number in numbers)
    }
    return bulk.apply(desk, numbers, actions, rest=rest)


def values(desk: Desk, ticket: TicketView) -> dict[str, str]:
    """Return the value of each placeholder in texts for a ticket."""
    person = ticket.requester
    due = min(
        (clock.due_at for clock in ticket.clocks if clock.open and clock.due_at), default=None
    )
    return {
        "requester": (person.name or person.mail) if person else "",
        "mail": person.mail if person else "",
        "ticket": ticket.ref,
        "subject": ticket.subject,
        "customer": ticket.customer,
        "service": ticket.service,
        "priority": ticket.priority,
        "queue": ticket.queue,
        "due": f"{to_local(due):%Y-%m-%d %H:%M}" if due else "no set time",
        "agent": desk.agent.name or desk.login,
        "login": desk.login,
    }


_WITHOUT_ARGUMENTS: Mapping[Verb, Callable[[], Action]] = {
    Verb.CLAIM: Claim,
    Verb.RELEASE: Release,
    Verb.RESUME: Resume,
    Verb.CLOSE: Close,
}


def _action(desk: Desk, step: MacroStep, text: str, placeholders: dict[str, str]) -> Action:
    """Return the action that a step stands for.

    :param text: the text of the macro.
    """
    text, words = fill_placeholders(text, placeholders), fill_placeholders(step.words, placeholders)
    if step.verb in _WITHOUT_ARGUMENTS:
        return _WITHOUT_ARGUMENTS[step.verb]()
    match step.verb:
        case Verb.ASSIGN:
            return Assign(desk.login if step.who == "me" else step.who)
        case Verb.REPLY:
            return Reply(text, step.by)
        case Verb.NOTE:
            return Note(words or text)
        case Verb.ESCALATE if step.level is not None:
            return Escalate(step.level, words, HandOver.of_text(text))
        case Verb.RETURN:
            return SendBack(step.level, words)
        case Verb.PEND if step.waiting is not None:
            return Pend(step.waiting, step.until)
        case Verb.RESOLVE:
            return resolve_with(desk, "", words or None)
        case Verb.REOPEN:
            return Reopen(words)
        case Verb.TAG if step.tags is not None:
            return Tag(step.tags)
    return SetFields(_new_values(step))


def _new_values(step: MacroStep) -> fields.FieldChanges:
    choices = {field.name: field.choices for field in SETTABLE}
    new_values: dict[str, Any] = {}
    for name, value in step.fields:
        choice = choices[name]
        new_values[name] = choice(value) if choice else value
    return fields.FieldChanges(**new_values)
