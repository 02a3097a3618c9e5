"""``helpdesk`` without a command: the app."""

import argparse

from helpdesk.cli.settings import settings_of
from helpdesk.tui.run import run_app


def run(arguments: argparse.Namespace) -> int:
    """Open the app; returns its exit code."""
    return run_app(settings_of(arguments))
