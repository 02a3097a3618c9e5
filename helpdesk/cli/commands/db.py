"""``helpdesk db …``: the database's schema."""

import argparse

from helpdesk.cli.desk_door import wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.settings import settings_of
from helpdesk.desk import upkeep

_SENTENCES = {
    "absent": "there is no desk yet; it is set up at the first use",
    "current": "up to date",
    "outdated": "older than this program: run 'helpdesk db upgrade'",
    "newer": "newer than this program: upgrade the program",
}


def status(arguments: argparse.Namespace) -> None:
    """Tell the schema's version."""
    _report(arguments, upkeep.status(settings_of(arguments)))


def upgrade(arguments: argparse.Namespace) -> None:
    """Bring the schema to this program's version."""
    _report(arguments, upkeep.upgrade(settings_of(arguments)))


def _report(arguments: argparse.Namespace, found: upkeep.DatabaseStatus) -> None:
    if wants_json(arguments):
        print_json(
            {
                "database": found.database,
                "schema": found.schema,
                "program_schema": found.program_schema,
                "state": found.state,
            }
        )
        return
    print_text(f"{found.database}: schema {found.schema or '-'}, {_SENTENCES[found.state]}.")
