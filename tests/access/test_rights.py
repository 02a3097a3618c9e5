"""Every verb checks a right before it does anything; the manual shows the same table of rights."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import select

import helpdesk.desk
from helpdesk.desk.people import agents
from helpdesk.desk.people.agents import AgentChanges
from helpdesk.desk.policy.files import PolicyText, starter_text
from helpdesk.desk.queue.lists import Selection
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Assign, Claim, Note, Reply
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain import roles
from helpdesk.domain.audit import Actor, Record
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.roles import RIGHTS, Right, Role, queue_rights_table, rights_table
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import LinkKind, ReplyWay, Verb, Waiting
from helpdesk.manual.pages import read_page
from helpdesk.report.period import PeriodPart, ReportPeriod
from helpdesk.store.models import Base
from tests.conftest import MONDAY
from tests.verbs import do

#: Functions that need no right: due actions of the desk, and the agent's own data.
_NEED_NO_RIGHT = {
    "opening.refresh_sign_in",
    "scheduler.next_due_at",
    "scheduler.catch_up",
    "change_feed.mark",
    "knowledge.articles.watch",
    "people.preferences.preferences",
    "people.preferences.change_preferences",
    "search.search_log.record",
    "macro.macros.values",
    "ssh.connections.register",
    "ssh.connections.unregister",
    "ssh.connections.reason_to_end",
    "ssh.connections.terms",
    "inbox.inbox.since",
    "inbox.inbox.newest",
    "inbox.inbox.mark_read",
    "inbox.inbox.mark_ticket_read",
    "inbox.inbox.mark_all_read",
    "people.presence.announce",
    "people.presence.leave",
    "people.presence.change_counter",
    "ticket.resolving.resolve_with",
    "knowledge.articles.may_see",
}
#: Verbs that find nothing by the made-up arguments: no problem, no macro or view of this name.
_FIND_NOTHING = {
    "ticket.past_answer.answer_of",
    "search.lookup.find_ticket",
    "ticket.links.problem_among",
    "queue.saved_views.delete",
    "macro.macros.delete",
    "macro.macros.preview",
    "macro.macros.reply_text",
    "macro.macros.show",
    "exchange.one_ticket.export",  # writes a file under the agent's own account only
}
#: The tables of an agent's own data: views, searches, notices, presence and watched tickets.
_OWN_TABLES = {"saved_views", "searches", "notices", "presences", "ticket_watchers"}
_DUMMIES: dict[str, Any] = {
    "text": "text", "login": "bob", "levels": [Level.L1], "number": 1,
    "wanted": AgentChanges(name="x"),
    "numbers": [1], "other": 2, "into": 2, "to": Level.L2, "reason": "because", "limit": 5,
    "kind": LinkKind.RELATED, "note": HandOver(asked="x"), "query": NewQuery("x"), "title": "x",
    "path": "mail/report-phishing.md", "lines": [], "scope": "all", "on": Waiting.REQUESTER,
    "file": Path("policy.toml"), "start": MONDAY, "end": MONDAY + timedelta(days=1),
    "score": 3, "fingerprint": "SHA256:abc", "verb": Verb.NOTE, "version": None, "actions": [],
    "jobs_for": lambda number: (),
    "period": ReportPeriod(MONDAY, MONDAY + timedelta(days=1), "Monday"),
    "part": PeriodPart.DAY, "kpi": "backlog", "source": None,
    "record": Record(1, MONDAY, Actor(), "did", '{"changes": []}', ""),
    "article": None, "selection": Selection(), "build": lambda desk: None, "spent": "25m",
}  # fmt: skip


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function of the desk whose first parameter is a desk."""
    for found in pkgutil.walk_packages(helpdesk.desk.__path__, "helpdesk.desk."):
        if ".demo" in found.name:
            continue
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if (
                inspect.isfunction(function)
                and function.__module__ == found.name
                and not name.startswith("_")
            ):
                first = next(iter(inspect.signature(function).parameters.values()), None)
                if first is None or "Desk" not in str(first.annotation):
                    continue
                # A function that works within a transaction is part of a verb that has checked.
                if not {"session", "opened", "change"} & set(
                    inspect.signature(function).parameters
                ):
                    yield f"{found.name.removeprefix('helpdesk.desk.')}.{name}", function


def call(verb: Callable[..., Any], desk: Desk) -> None:
    """Call a verb with made-up arguments of the right types, and exhaust what it returns."""
    parameters = list(inspect.signature(verb).parameters.values())[1:]
    given = {
        one.name: _dummy(one)
        for one in parameters
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD
    }
    positional = [given.pop(one.name) for one in parameters
                  if one.name in given and one.kind is not one.KEYWORD_ONLY]  # fmt: skip
    answer = verb(desk, *positional, **given)
    if hasattr(answer, "__enter__"):
        with answer:
            pass
    elif inspect.isgenerator(answer):
        list(answer)


def _dummy(parameter: inspect.Parameter) -> Any:
    shape = str(parameter.annotation)
    if "TagChange" in shape:
        return TagChange(add=("x",))
    if "PolicyText" in shape:
        return PolicyText(starter_text(), "policy.toml")
    if "lines" in parameter.name and "int" in shape:
        return 5
    if parameter.name == "to" and "Level" not in shape:
        return "bob"
    if parameter.name == "query" and "str" in shape:
        return "state:open"
    if parameter.name == "kind" and "LinkKind" not in shape:
        return "article"
    if parameter.name not in _DUMMIES:
        return 1 if shape in ("int", "<class 'int'>") else "x"
    return _DUMMIES[parameter.name]


CHECKED = dict(sorted(pair for pair in verbs() if pair[0] not in _NEED_NO_RIGHT))


def test_a_verb_checks_a_right_before_it_does_anything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = MappingProxyType({role: frozenset[Right]() for role in Role})
    monkeypatch.setattr(roles, "RIGHTS", none)
    unchecked = []
    for name, verb in CHECKED.items():
        try:
            call(verb, desk)
        except NotPermittedError:
            continue
        except Exception as error:  # it did something before it checked
            unchecked.append(f"{name}: {error!r}")
        else:
            unchecked.append(name)
    assert not unchecked, "\n".join(unchecked)


def test_the_list_of_functions_that_need_no_right_is_up_to_date() -> None:
    assert {name for name, _ in verbs()} >= _NEED_NO_RIGHT
    assert len(CHECKED) > 60


def contents(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table except the audit trail's."""
    with desk.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("audit_")
        }


@pytest.mark.timeout(600)
def test_an_auditor_reads_everything_and_changes_nothing(
    desk: Desk,
    desk_of: Callable[[str], Desk],
    kb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.toml").write_text(starter_text())
    for subject in ("one", "two"):
        log_query.log_query(desk, NewQuery(subject))
    agents.add(desk, "eve", Level, Role.AUDITOR)
    before, files = contents(desk), sorted(kb.rglob("*"))
    eve = desk_of("eve")
    refused, found_nothing = set(), set()
    for name, verb in CHECKED.items():
        try:
            call(verb, eve)
        except NotPermittedError:
            refused.add(name)
        except (NotFoundError, RefusedError):
            found_nothing.add(name)
    eve.close()
    assert found_nothing == _FIND_NOTHING
    assert len(refused) > 33
    after = contents(desk)
    changed = {table for table, rows in before.items() if after[table] != rows}
    assert changed <= _OWN_TABLES
    assert sorted(kb.rglob("*")) == files


def test_an_agent_changes_only_tickets_of_levels_that_they_serve(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    agents.add(desk, "cid", [Level.L2])
    agents.add(desk, "lea", [], Role.LEAD)
    log_query.log_query(desk, NewQuery("one"))
    cid, lea = desk_of("cid"), desk_of("lea")
    refused: tuple[Callable[[], object], ...] = (
        lambda: do(cid, 1, Claim()),
        lambda: do(cid, 1, Assign("bob")),
        lambda: do(cid, 1, SetFields(fields.FieldChanges("x"))),
    )
    for verb in refused:
        with pytest.raises(NotPermittedError, match="in queue L1, which cid does not serve"):
            verb()
    assert do(cid, 1, Note("seen before")).events[-1].text == "seen before"
    assert do(cid, 1, Reply("we are on it", ReplyWay.PHONE)).assignee == ""
    assert do(lea, 1, Assign("bob")).assignee == "bob"
    for opened in (cid, lea):
        opened.close()


def test_the_manual_has_the_table_of_rights() -> None:
    assert rights_table() in read_page("ssh").text
    assert queue_rights_table() in read_page("ssh").text
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Right)
