"""Every verb asks for a right before it does anything; the README's table is the code's."""

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
from helpdesk.desk import agents, fields, intake, work
from helpdesk.desk.agents import Wanted
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.queues import Selection
from helpdesk.desk.session import Desk
from helpdesk.desk.views import Query
from helpdesk.domain import roles
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.roles import RIGHTS, Right, Role, rights_table
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import LinkKind, Verb, Waiting
from helpdesk.report.period import Part, Period
from helpdesk.store.models import Base
from tests.conftest import MONDAY

ROOT = Path(__file__).resolve().parents[2]
#: What is no verb of an agent's: the desk's own errands, and one's own affairs.
_NOT_ASKED = {
    *("keeper.next_errand_at", "keeper.catch_up", "feed.mark", "articles.watch"),
    *("preferences.preferences", "preferences.prefer", "searches.record", "macros.values"),
    *("connections.enter", "connections.leave", "connections.must_leave", "connections.terms"),
    *("inbox.since", "inbox.newest", "inbox.mark_read", "inbox.mark_ticket_read"),
    *("inbox.mark_all_read", "presence.tell", "presence.leave", "presence.sign_of_change"),
    *("actions.resolve_with", "articles.may_see"),
}
#: What finds nothing by the made-up names: no problem, and no macro or view of that name.
_NOTHING_THERE = {
    *("answers.answer_of", "links.problem_among", "saved_views.delete"),
    *("macros.delete", "macros.preview", "macros.reply_text", "macros.show"),
}
#: Where one's own affairs are kept: views, what was searched for, read, watched, is on screen.
_OWN = {"saved_views", "searches", "notices", "presences", "ticket_watchers"}
_DUMMIES: dict[str, Any] = {
    "text": "text", "login": "bob", "levels": [Level.L1], "wanted": Wanted(name="x"), "number": 1,
    "numbers": [1], "other": 2, "into": 2, "to": Level.L2, "reason": "because", "limit": 5,
    "kind": LinkKind.RELATED, "note": HandOver(asked="x"), "query": Query("x"), "title": "x",
    "path": "mail/report-phishing.md", "lines": [], "scope": "all", "on": Waiting.REQUESTER,
    "file": Path("policy.toml"), "start": MONDAY, "end": MONDAY + timedelta(days=1),
    "score": 3, "fingerprint": "SHA256:abc", "verb": Verb.NOTE, "version": None, "actions": [],
    "jobs_for": lambda number: (), "period": Period(MONDAY, MONDAY + timedelta(days=1), "Monday"),
    "part": Part.DAY, "kpi": "backlog", "source": None,
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
                # What works within a transaction or a change is a piece of a verb that has asked.
                if not {"session", "opened", "change"} & set(
                    inspect.signature(function).parameters
                ):
                    yield f"{found.name.removeprefix('helpdesk.desk.')}.{name}", function


def call(verb: Callable[..., Any], desk: Desk) -> None:
    """Call a verb with what has the right shape; what it gives piece by piece is taken."""
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


ASKED = dict(sorted(pair for pair in verbs() if pair[0] not in _NOT_ASKED))


def test_a_verb_asks_before_it_does_anything(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    none = MappingProxyType({role: frozenset[Right]() for role in Role})
    monkeypatch.setattr(roles, "RIGHTS", none)
    unasked = []
    for name, verb in ASKED.items():
        try:
            call(verb, desk)
        except NotPermittedError:
            continue
        except Exception as error:  # what it did before it asked
            unasked.append(f"{name}: {error!r}")
        else:
            unasked.append(name)
    assert not unasked, "\n".join(unasked)


def test_all_that_is_not_asked_is_there() -> None:
    assert {name for name, _ in verbs()} >= _NOT_ASKED
    assert len(ASKED) > 60


def contents(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    with desk.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("audit_")
        }


def test_an_auditor_reads_all_and_changes_nothing(
    desk: Desk,
    desk_of: Callable[[str], Desk],
    kb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.toml").write_text(starter_text())
    for subject in ("one", "two"):
        intake.log_query(desk, Query(subject))
    agents.add(desk, "eve", Level, Role.AUDITOR)
    before, files = contents(desk), sorted(kb.rglob("*"))
    eve = desk_of("eve")
    refused, nothing_there = set(), set()
    for name, verb in ASKED.items():
        try:
            call(verb, eve)
        except NotPermittedError:
            refused.add(name)
        except (NotFoundError, RefusedError):
            nothing_there.add(name)
    eve.close()
    assert nothing_there == _NOTHING_THERE
    assert len(refused) > 40
    after = contents(desk)
    changed = {table for table, rows in before.items() if after[table] != rows}
    assert changed <= _OWN
    assert sorted(kb.rglob("*")) == files


def test_an_agent_works_on_the_levels_they_serve(
    desk: Desk, desk_of: Callable[[str], Desk]
) -> None:
    agents.add(desk, "cid", [Level.L2])
    agents.add(desk, "lea", [], Role.LEAD)
    intake.log_query(desk, Query("one"))
    cid, lea = desk_of("cid"), desk_of("lea")
    refused: tuple[Callable[[], object], ...] = (
        lambda: work.claim(cid, 1),
        lambda: work.assign(cid, 1, "bob"),
        lambda: work.set_fields(cid, 1, fields.Wanted("x")),
    )
    for verb in refused:
        with pytest.raises(NotPermittedError, match="in queue L1, which cid does not serve"):
            verb()
    assert work.note(cid, 1, "seen before").events[-1].text == "seen before"
    assert work.reply(cid, 1, "we are on it").assignee == ""
    assert work.assign(lea, 1, "bob").assignee == "bob"
    for opened in (cid, lea):
        opened.close()


def test_the_readme_has_the_table_of_rights() -> None:
    assert rights_table() in (ROOT / "README.md").read_text()
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Right)
