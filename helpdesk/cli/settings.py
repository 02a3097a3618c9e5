"""What the common options name."""

import argparse
from pathlib import Path

from helpdesk.desk.settings import Settings


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return what the common options name."""
    kb = getattr(arguments, "kb", None)
    return Settings(
        database=getattr(arguments, "db", None),
        kb=Path(kb).expanduser() if kb else None,
        acting_as=getattr(arguments, "acting_as", None),
    )
