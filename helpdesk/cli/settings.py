"""The settings that the common options give."""

from typing import TYPE_CHECKING

from helpdesk.desk.settings import Settings
from helpdesk.locations import named_path

if TYPE_CHECKING:
    import argparse


def settings_of(arguments: "argparse.Namespace") -> Settings:
    """Return the settings (database, knowledge base, agent) that the common options give."""
    kb = getattr(arguments, "kb", None)
    return Settings(
        database=getattr(arguments, "db", None),
        kb=named_path(kb) if kb else None,
        acting_as=getattr(arguments, "acting_as", None),
        origin=getattr(arguments, "origin", None),
    )
