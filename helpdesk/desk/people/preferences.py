"""Read and change an agent's preferences, which apply in every terminal they use."""

from dataclasses import asdict, dataclass, fields, replace

from helpdesk.desk.session import Desk
from helpdesk.store.models import Agent


@dataclass(frozen=True, slots=True)
class Preferences:
    """An agent's preferences.

    :ivar light: use the light theme instead of the dark one.
    :ivar ring: ring the terminal's bell when the agent is notified of something.
    :ivar popup: ask the terminal to show notifications on the desktop.
    :ivar quiet: do not show notices when they come, but only count them and list them.
    :ivar timing: start the timer with every ticket that is opened.
    """

    light: bool = False
    ring: bool = False
    popup: bool = False
    quiet: bool = False
    timing: bool = False


def preferences(desk: Desk) -> Preferences:
    """Return the acting agent's preferences."""
    with desk.database.read() as session:
        stored = session.get_one(Agent, desk.agent_id).preferences
    known = {field.name for field in fields(Preferences)}
    return Preferences(**{name: bool(value) for name, value in stored.items() if name in known})


def change_preferences(desk: Desk, /, **choices: bool) -> Preferences:
    """Change some of the acting agent's preferences; return all of them."""
    changed = replace(preferences(desk), **choices)
    with desk.database.write() as session:
        agent = session.get_one(Agent, desk.agent_id)
        agent.preferences = {**agent.preferences, **asdict(changed)}
    return changed
