"""Open a desk: its owner, who may act and as whom, and its knowledge base."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import agents
from helpdesk.desk.people.agents import AgentChanges
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from tests.conftest import StillClock


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that changes the login of the person who uses the host."""

    def set_login(login: str) -> None:
        monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: login)

    return set_login


def test_the_first_user_owns_the_desk_and_the_next_is_refused(
    tmp_path: Path, kb: Path, person: Callable[[str], None]
) -> None:
    settings = Settings(str(tmp_path / "new.db"), kb)
    first = open_desk(settings)
    assert (first.login, first.agent.role, first.agent.levels) == ("ann", Role.ADMIN, tuple(Level))
    person("eve")
    with pytest.raises(NotPermittedError, match=r"eve is not an agent .* \(ann\) can add you"):
        open_desk(settings)
    agents.add(first, "eve", [Level.L1])
    assert open_desk(settings).agent.role is Role.AGENT
    first.close()


def test_only_the_owner_acts_as_another(
    desk: Desk, settings: Settings, person: Callable[[str], None]
) -> None:
    as_bob = Settings(settings.database, settings.kb, "bob")
    assert open_desk(as_bob).login == "bob"
    person("bob")
    assert open_desk(as_bob).login == "bob"
    with pytest.raises(NotPermittedError, match=r"--as ann is for the desk's owner \(ann\) only"):
        open_desk(Settings(settings.database, settings.kb, "ann"))
    person("ann")
    with pytest.raises(NotFoundError, match="no agent 'zoe'"):
        open_desk(Settings(settings.database, settings.kb, "zoe"))


def test_a_disabled_agent_cannot_open_the_desk_but_is_still_listed(
    desk: Desk, settings: Settings, person: Callable[[str], None], clock: StillClock
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    agents.change(desk, "bob", AgentChanges(active=False))
    person("bob")
    with pytest.raises(NotPermittedError, match="the agent bob is disabled on this desk; ask ann"):
        open_desk(settings, clock)
    assert [agent.active for agent in agents.list_agents(desk)] == [True, False]
    agents.change(desk, "bob", AgentChanges(active=True))
    assert open_desk(settings, clock).login == "bob"


def test_only_an_administrator_adds_agents(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    bob = desk_of("bob")
    with pytest.raises(NotPermittedError, match=r"bob \(agent\) may not add and change agents"):
        agents.add(bob, "eve", [Level.L1], Role.ADMIN)
    with pytest.raises(RefusedError, match="there is an agent 'bob' already"):
        agents.add(desk, "bob", [Level.L1])
    for login in ("", "-x", "Eve", "a b", "../x", "a" * 33, "é", "x\n"):
        with pytest.raises(RefusedError, match="is no login"):
            agents.add(desk, login, [Level.L1])
    added = agents.add(desk, "eve", [Level.L3, Level.L1, Level.L3], name=" Eve\n\x1b[1m ")
    assert (added.levels, added.name) == ((Level.L1, Level.L3), "Eve ␛[1m")
    assert [agent.login for agent in agents.list_agents(bob)] == ["ann", "bob", "eve"]
    bob.close()


def test_only_the_owner_upgrades(
    desk: Desk, settings: Settings, person: Callable[[str], None]
) -> None:
    person("ann")
    assert schema_upgrade.upgrade(settings).state == "current"
    person("bob")
    with pytest.raises(NotPermittedError, match=r"only the desk's owner \(ann\) may upgrade"):
        schema_upgrade.upgrade(settings)


def test_the_default_desk_lies_in_the_data_folder_with_a_knowledge_base(
    tmp_path: Path, clock: StillClock
) -> None:
    opened = open_desk(Settings(), clock)
    assert Path(opened.database.name) == tmp_path / "data" / "helpdesk" / "helpdesk.db"
    assert opened.knowledge_dir == tmp_path / "data" / "helpdesk" / "kb"
    assert (opened.knowledge_dir / "vpn" / "keepalive.md").is_file()
    assert opened.kb_problem == ""
    own = opened.knowledge_dir / "own.md"
    own.write_text("kept")
    opened.close()
    open_desk(Settings(), clock).close()
    assert own.read_text() == "kept"


def test_a_missing_knowledge_base_is_reported_but_the_desk_opens(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    gone = open_desk(Settings(settings.database, tmp_path / "gone"))
    assert "does not exist: make it, or name another (--kb)" in gone.kb_problem
    assert log_query.log_query(gone, NewQuery("works on")).ref == "HD-1"
    gone.close()
    shutil.copy(__file__, tmp_path / "file")
    assert "is not a folder" in open_desk(Settings(settings.database, tmp_path / "file")).kb_problem


def test_the_environment_names_the_desk_unless_the_person_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HELPDESK_DATABASE_URL", "sqlite:////elsewhere.db")
    monkeypatch.setenv("HELPDESK_KB", "~/kb")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().database_url == "sqlite:////elsewhere.db"
    assert Settings().knowledge_dir == tmp_path / "kb"
    assert Settings("mine.db", Path("here")).database_url == "mine.db"
    assert Settings("mine.db", Path("here")).knowledge_dir == Path("here")


def test_closing_calls_every_function_even_if_one_fails(desk: Desk) -> None:
    called: list[str] = []

    def fail() -> None:
        raise RuntimeError("cannot tidy up")

    def count() -> None:
        log_query.log_query(desk, NewQuery("the database is still open"))
        called.append("count")

    desk.on_close(count)
    desk.on_close(fail)
    desk.on_close(lambda: called.append("last given"))
    with pytest.raises(RuntimeError, match="cannot tidy up"):
        desk.close()
    assert called == ["last given", "count"]
