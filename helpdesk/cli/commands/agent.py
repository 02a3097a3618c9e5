"""``helpdesk agent …``: who works at this desk."""

import argparse
from typing import Any

from helpdesk.cli.desk_door import open_door, wants_json
from helpdesk.cli.output import print_json, print_table, print_text
from helpdesk.desk import agents
from helpdesk.desk.views import AgentView


def add(arguments: argparse.Namespace) -> None:
    """Add an agent."""
    with open_door(arguments) as desk:
        added = agents.add(desk, arguments.login, arguments.level, arguments.role, arguments.name)
    if wants_json(arguments):
        print_json(_json(added))
    else:
        print_text(f"{added.login} added ({added.role}, {', '.join(added.levels)}).")


def list_agents(arguments: argparse.Namespace) -> None:
    """List the agents."""
    with open_door(arguments) as desk:
        found = agents.list_agents(desk)
    if wants_json(arguments):
        print_json([_json(agent) for agent in found])
        return
    print_table(
        ("LOGIN", "ROLE", "LEVELS", "ACTIVE", "NAME"),
        (
            (
                agent.login,
                agent.role,
                ",".join(agent.levels),
                "yes" if agent.active else "no",
                agent.name,
            )
            for agent in found
        ),
    )


def _json(agent: AgentView) -> dict[str, Any]:
    return {
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "levels": list(agent.levels),
        "active": agent.active,
    }
