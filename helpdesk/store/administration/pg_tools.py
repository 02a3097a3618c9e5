"""Run PostgreSQL's programs for backups: ``pg_dump`` and ``pg_restore``."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from helpdesk.domain.errors import UnavailableError

_MAGIC = b"PGDMP"


def is_archive(file: Path) -> bool:
    """Whether a file is a ``pg_dump`` archive."""
    with file.open("rb") as opened:
        return opened.read(len(_MAGIC)) == _MAGIC


def find(program: str) -> Path | None:
    """Return the path of a PostgreSQL program, of several versions the newest; None if missing."""
    on_path = shutil.which(program)
    if on_path:
        return Path(on_path)
    # Debian installs each version's programs in a folder of its own.
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    return max(found, key=lambda path: path.parts[-3].zfill(3), default=None)


def dump(url: URL, file: Path) -> None:
    """Write a consistent copy of a database to an archive."""
    _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={_public_url(url)}", url=url)


def verify(file: Path, name: str) -> None:
    """Check that an archive can be read to its end and is of a help desk.

    :raises UnavailableError: if not.
    """
    listed = _run("pg_restore", "--list", str(file))
    if " TABLE DATA public tickets " not in listed and "TABLE DATA" not in listed:
        raise UnavailableError(f"the backup {name} holds no tickets: it is not of a help desk.")
    # The list is at the beginning of the file: reading it does not prove that the rest is complete.
    _run("pg_restore", "--file=/dev/null", str(file))


def desk_id(file: Path) -> str:
    """Return the id of the desk in an archive; "" if it names none.

    :raises UnavailableError: if the archive cannot be read.
    """
    rows = _run("pg_restore", "--data-only", "--table=desk_facts", "--file=-", str(file))
    found = (line.partition("\t") for line in rows.splitlines())
    return next((value for name, _tab, value in found if name == "desk_id"), "")


def restore(url: URL, file: Path) -> None:
    """Replace the whole content of a database by an archive's, or change nothing on an error."""
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
         "--exit-on-error", f"--dbname={_public_url(url)}", str(file), url=url)  # fmt: skip


def _public_url(url: URL) -> str:
    """Return the URL without its password, as everybody on the host can read arguments."""
    plain = url.set(drivername="postgresql", password=None).difference_update_query(["timeout"])
    return plain.render_as_string(hide_password=False)


def _run(program: str, *arguments: str, url: URL | None = None) -> str:
    path = find(program)
    if path is None:
        raise UnavailableError(
            f"{program} was not found: install PostgreSQL's client programs "
            "(Debian: apt-get install postgresql-client)."
        )
    environment = dict(os.environ)
    if url is not None and url.password:
        environment["PGPASSWORD"] = str(url.password)
    environment.setdefault("PGCONNECT_TIMEOUT", "5")
    done = subprocess.run(  # noqa: S603  (the program is PostgreSQL's own, the arguments are ours)
        [path, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise UnavailableError(f"{program} failed: {lines[0] if lines else done.returncode}.")
    return done.stdout
