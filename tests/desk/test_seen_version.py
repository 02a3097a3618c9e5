"""Whatever is edited, a change based on an outdated version is refused with a clear sentence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk.desk.macro import files, macros
from helpdesk.desk.people import agents, preferences
from helpdesk.desk.policy import apply_policy as policy
from helpdesk.desk.queue import saved_views
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import ConflictError
from tests.policies import policy_in
from tests.verbs import do

MACRO = '[replies."hello"]\ntext = "{}"\n{}'


def refused(action: Callable[[], object]) -> str:
    """Return the sentence with which an action on an outdated version is refused."""
    with pytest.raises(ConflictError) as caught:
        action()
    sentence = str(caught.value)
    assert sentence.endswith("try again.")
    assert "nothing was saved" in sentence
    return sentence


@pytest.fixture
def bob(desk: Desk, desk_of: Callable[[str], Desk]) -> Iterator[Desk]:
    """The desk opened by the agent bob."""
    opened = desk_of("bob")
    yield opened
    opened.close()


def test_a_saved_view_is_not_overwritten_unseen(desk: Desk, bob: Desk) -> None:
    first = saved_views.save(desk, "late", "due<1h", shared=True, version=0)
    assert first.version == 1
    assert "there is a view 'late' already by ann at 09:00:00 UTC on Nov 23" in refused(
        lambda: saved_views.save(desk, "late", "due<2h", shared=True, version=0)
    )
    saved_views.save(desk, "late", "due<3h", shared=True, version=1)
    assert "a view 'late' was changed meanwhile by ann" in refused(
        lambda: saved_views.save(desk, "late", "due<4h", shared=True, version=1)
    )
    assert "has version 2, there is no version 9 yet" in refused(
        lambda: saved_views.delete(desk, "late", 9)
    )
    assert saved_views.show(bob, "late").query == "due<3h"
    assert saved_views.show(bob, "late").version == 2
    saved_views.delete(desk, "late", 2)
    assert "was deleted meanwhile" in refused(
        lambda: saved_views.save(desk, "late", "due<4h", shared=True, version=2)
    )
    # Without a version, any is replaced.
    assert saved_views.save(desk, "late", "due<5h", shared=True).version == 1


def test_macros_are_not_overwritten_unseen(desk: Desk) -> None:
    macros.save(desk, MACRO.format("one", ""))
    assert macros.show(desk, "hello").version == 1
    assert "version = 1" in files.write_file([macros.show(desk, "hello").written])
    macros.save(desk, MACRO.format("two", "version = 1"))
    late = MACRO.format("three", "version = 1") + '\n[replies.other]\ntext = "new"\n'
    assert "a macro 'hello' was changed meanwhile by ann" in refused(
        lambda: macros.save(desk, late)
    )
    assert [(one.name, one.text) for one in macros.list_macros(desk)] == [("hello", "two")]
    refused(lambda: macros.delete(desk, "hello", 1))
    macros.delete(desk, "hello", 2)
    assert "deleted meanwhile" in refused(lambda: macros.save(desk, late))


def test_an_agent_is_not_overwritten_unseen(desk: Desk, bob: Desk) -> None:
    seen = next(one for one in agents.list_agents(desk) if one.login == "bob").version
    preferences.change_preferences(bob, ring=True)  # this does not change bob's version
    agents.change(desk, "bob", agents.AgentChanges(name="Robert"), seen)
    sentence = refused(lambda: agents.change(desk, "bob", agents.AgentChanges(name="Bobby"), seen))
    assert "the agent bob was changed meanwhile by ann at 09:00:00 UTC on Nov 23, it" in sentence
    assert next(one for one in agents.list_agents(desk) if one.login == "bob").name == "Robert"


def test_the_policy_is_not_overwritten_unseen(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(policy.show(desk).text)
    assert policy.apply(desk, policy_in(file), version=1).version == 2
    assert "the policy was changed meanwhile by ann" in refused(
        lambda: policy.apply(desk, policy_in(file), version=1)
    )
    assert policy.show(desk).number == 2
    assert policy.apply(desk, policy_in(file)).version == 3


def test_a_version_that_a_ticket_never_had_is_refused(desk: Desk) -> None:
    number = log_query.log_query(desk, NewQuery("one")).number
    assert "HD-1 has version 1, there is no version 7 yet" in refused(
        lambda: do(desk, number, Note("x"), version=7)
    )
