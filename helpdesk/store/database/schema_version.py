"""This program's schema version, and the check that an open database still has it."""

from sqlalchemy import Connection

from helpdesk.domain.errors import OutdatedProgramError

#: The newest migration of this program (a test compares it with the files).
HEAD = "0015"
#: The query for a database's schema version.
QUERY = "SELECT version_num FROM alembic_version"


def stored_version(connection: Connection) -> str | None:
    """Return the schema version stored in a database, or None."""
    return connection.exec_driver_sql(QUERY).scalar()


def require_unchanged(found: str | None, name: str) -> None:
    """Check that the schema version is still this program's.

    :param found: the version in the database now.
    :param name: the name of the database in the message.
    :raises OutdatedProgramError: if the desk was upgraded or another backup restored meanwhile.
    """
    if found is not None and found != HEAD:
        raise OutdatedProgramError(
            f"the desk {name} was brought to schema {found} while this program ({HEAD}) was open: "
            "nothing was changed and what you typed is kept; start helpdesk again."
        )
