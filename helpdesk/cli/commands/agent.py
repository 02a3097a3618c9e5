"""``helpdesk agent …``: the agents of this desk."""

import argparse
from typing import Any

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.people import agents
from helpdesk.desk.ssh import connections
from helpdesk.domain.i18n import _


def add(arguments: argparse.Namespace) -> None:
    """Add an agent."""
    with opened_desk(arguments) as desk:
        levels = arguments.level or ()
        added = agents.add(desk, arguments.login, levels, arguments.role, arguments.name)
    _print_changed(arguments, added, "added ({role}, {levels})")


def list_agents(arguments: argparse.Namespace) -> None:
    """List the agents."""
    with opened_desk(arguments) as desk:
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
                ",".join(agent.levels) or "-",
                "yes" if agent.active else "no",
                agent.name,
            )
            for agent in found
        ),
    )


def change(arguments: argparse.Namespace) -> None:
    """Change an agent's levels, role or name."""
    changes = agents.AgentChanges(arguments.level, arguments.role, arguments.name)
    _change(arguments, changes, "is now {role}, {levels}")


def disable(arguments: argparse.Namespace) -> None:
    """Lock an agent out."""
    _change(arguments, agents.AgentChanges(active=False), "disabled")


def enable(arguments: argparse.Namespace) -> None:
    """Let a disabled agent in again."""
    _change(arguments, agents.AgentChanges(active=True), "enabled ({role}, {levels})")


def list_connections(arguments: argparse.Namespace) -> None:
    """List who is signed in over SSH now."""
    with opened_desk(arguments) as desk:
        found = connections.list_connections(desk)
    if wants_json(arguments):
        print_json(
            [
                {
                    "login": connection.login,
                    "since": iso(connection.since),
                    "address": connection.address,
                    "key": connection.key,
                    "terminal": connection.terminal,
                    "host": connection.host,
                    "process": connection.process,
                }
                for connection in found
            ]
        )
        return
    print_table(
        ("LOGIN", "SINCE", "FROM", "TERMINAL", "HOST", "PROCESS", "KEY"),
        (
            (
                *(each.login, local(each.since), each.address or "-", each.terminal or "-"),
                *(each.host, str(each.process), each.key or "-"),
            )
            for each in found
        ),
    )


def _change(arguments: argparse.Namespace, changes: agents.AgentChanges, done: str) -> None:
    with opened_desk(arguments) as desk:
        changed = agents.change(desk, arguments.login, changes, arguments.seen_version)
    _print_changed(arguments, changed, done)


def _print_changed(arguments: argparse.Namespace, agent: AgentView, done: str) -> None:
    if wants_json(arguments):
        print_json(_json(agent))
        return
    levels = ", ".join(agent.levels) or _("no level")
    print_text(f"{agent.login} {done.format(role=agent.role, levels=levels)}.")
    if getattr(arguments, "level", None) and not agent.levels:
        print_text(
            _(
                "The role {role} does not work on tickets and serves no level: --level was ignored."
            ).format(role=agent.role)
        )


def _json(agent: AgentView) -> dict[str, Any]:
    return {
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "levels": list(agent.levels),
        "active": agent.active,
        "version": agent.version,
    }
