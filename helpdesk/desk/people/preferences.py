"""What an agent has chosen for themselves; it follows them to every terminal."""

from dataclasses import asdict, dataclass, fields, replace

from helpdesk.desk.session import Desk
from helpdesk.store.models import Agent


@dataclass(frozen=True, slots=True)
class Preferences:
    """:ivar light: the light theme instead of the dark one.
    :ivar ring: the terminal's bell rings at what the agent is told of.
    :ivar popup: the terminal is asked to show it as a notification of the desktop.
    :ivar timing: the timer starts with every ticket that is opened.
    """

    light: bool = False
    ring: bool = False
    popup: bool = False
    timing: bool = False


def preferences(desk: Desk) -> Preferences:
    """Return the acting agent's choices."""
    with desk.database.read() as session:
        stored = session.get_one(Agent, desk.agent_id).preferences
    known = {field.name for field in fields(Preferences)}
    return Preferences(**{name: bool(value) for name, value in stored.items() if name in known})


def prefer(desk: Desk, /, **choices: bool) -> Preferences:
    """Change some of the acting agent's choices."""
    chosen = replace(preferences(desk), **choices)
    with desk.database.write() as session:
        agent = session.get_one(Agent, desk.agent_id)
        agent.preferences = {**agent.preferences, **asdict(chosen)}
    return chosen
