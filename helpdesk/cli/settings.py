"""What the common options name."""

from typing import TYPE_CHECKING

from helpdesk.desk.settings import Settings
from helpdesk.locations import named_path

if TYPE_CHECKING:
    import argparse


def settings_of(arguments: "argparse.Namespace") -> Settings:
    """Return what the common options name."""
    kb = getattr(arguments, "kb", None)
    return Settings(
        database=getattr(arguments, "db", None),
        kb=named_path(kb) if kb else None,
        acting_as=getattr(arguments, "acting_as", None),
        origin=getattr(arguments, "origin", None),
    )
