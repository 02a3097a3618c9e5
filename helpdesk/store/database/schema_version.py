"""Which version of the schema this program has, and whether a database still has the same."""

from sqlalchemy import Connection

from helpdesk.domain.errors import OutdatedProgramError

#: The newest migration of this program (a test compares it with the files).
HEAD = "0011"
#: What tells the version.
QUERY = "SELECT version_num FROM alembic_version"


def found(connection: Connection) -> str | None:
    """Return the schema that a desk's database names."""
    return connection.exec_driver_sql(QUERY).scalar()


def require_unchanged(found: str | None, name: str) -> None:
    """See that the schema is still the one with which the desk was opened.

    :raises OutdatedProgramError: if somebody has upgraded it, or put a backup in its place.
    """
    if found is not None and found != HEAD:
        raise OutdatedProgramError(
            f"the desk {name} was brought to schema {found} while this program ({HEAD}) was open: "
            "nothing was changed and what you typed is kept; start helpdesk anew."
        )
