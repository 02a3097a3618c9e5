"""PostgreSQL's own programs for backups: ``pg_dump`` and ``pg_restore``."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from helpdesk.domain.errors import UnavailableError

_MAGIC = b"PGDMP"


def is_archive(file: Path) -> bool:
    """Whether a file is an archive of ``pg_dump``."""
    with file.open("rb") as opened:
        return opened.read(len(_MAGIC)) == _MAGIC


def find(program: str) -> Path | None:
    """Return where a program of PostgreSQL lies, the newest of several; None if it is missing."""
    on_path = shutil.which(program)
    if on_path:
        return Path(on_path)
    # Debian keeps each version's programs in a folder of its own.
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    return max(found, key=lambda path: path.parts[-3].zfill(3), default=None)


def dump(url: URL, file: Path) -> None:
    """Write the database of a URL into an archive, as of one moment."""
    _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={_open(url)}", url=url)


def verify(file: Path, name: str) -> None:
    """See that an archive can be read to its end, and holds tickets."""
    listed = _run("pg_restore", "--list", str(file))
    if " TABLE DATA public tickets " not in listed and "TABLE DATA" not in listed:
        raise UnavailableError(f"the backup {name} holds no tickets: it is of something else.")
    # The list stands at the beginning: only reading all of it tells that the rest is there.
    _run("pg_restore", "--file=/dev/null", str(file))


def restore(url: URL, file: Path) -> None:
    """Put what an archive holds in the place of all that the database holds, or change nothing."""
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
         "--exit-on-error", f"--dbname={_open(url)}", str(file), url=url)  # fmt: skip


def _open(url: URL) -> str:
    """Return the URL without its password: arguments can be read by everybody on the host."""
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
