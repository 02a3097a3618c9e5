"""``helpdesk view …``: saved filters."""

import argparse
from typing import Any

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import print_json, print_table, print_text
from helpdesk.desk.queue import saved_views
from helpdesk.desk.queue.saved_views import SavedViewInfo


def list_views(arguments: argparse.Namespace) -> None:
    """List the views."""
    with opened_desk(arguments) as desk:
        found = saved_views.list_views(desk)
    if wants_json(arguments):
        print_json([_json(view) for view in found])
        return
    print_table(
        ("NAME", "WHOSE", "COLUMNS", "QUERY"),
        ((view.name, _owner(view), ",".join(view.columns) or "-", view.query) for view in found),
    )


def show(arguments: argparse.Namespace) -> None:
    """Show one view."""
    with opened_desk(arguments) as desk:
        found = saved_views.show(desk, arguments.name)
    if wants_json(arguments):
        print_json(_json(found))
    else:
        print_text(found.query)


def save(arguments: argparse.Namespace) -> None:
    """Save a filter under a name."""
    with opened_desk(arguments) as desk:
        found = saved_views.save(
            desk,
            arguments.name,
            arguments.query,
            arguments.columns,
            shared=arguments.shared,
            version=arguments.seen_version,
        )
    _report(arguments, "saved", found)


def delete(arguments: argparse.Namespace) -> None:
    """Delete a view."""
    with opened_desk(arguments) as desk:
        found = saved_views.delete(desk, arguments.name, arguments.seen_version)
    _report(arguments, "deleted", found)


def _report(arguments: argparse.Namespace, done: str, view: SavedViewInfo) -> None:
    if wants_json(arguments):
        print_json(_json(view))
    else:
        print_text(f"view {view.name!r} {done} ({_owner(view)}): {view.query}")


def _owner(view: SavedViewInfo) -> str:
    if not view.owner:
        return "shipped"
    return f"shared by {view.owner}" if view.shared else "own"


def _json(view: SavedViewInfo) -> dict[str, Any]:
    return {
        "name": view.name,
        "query": view.query,
        "columns": list(view.columns),
        "shared": view.shared,
        "owner": view.owner or None,
        "version": view.version,
    }
