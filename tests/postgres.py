"""A private PostgreSQL server for the tests, which ends with them."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import URL

#: Faster settings: data of tests need not survive a power failure.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
_SET_PDEATHSIG = 1


class NoServerError(Exception):
    """PostgreSQL cannot be started here; the message says why."""


def _programs() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise NoServerError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return Path(found).resolve().parent


class Server:
    """A running server with a folder of its own, which listens on a socket in that folder."""

    def __init__(self, settings: tuple[str, ...] = _FAST) -> None:
        self._programs = _programs()
        self.folder = Path(tempfile.mkdtemp(prefix="helpdesk-pg-"))
        self._process_options: dict[str, object] = {"cwd": self.folder}
        if os.getuid() == 0:  # the server refuses to run as root
            try:
                user = pwd.getpwnam("postgres")
            except KeyError:
                raise NoServerError("there is no user postgres to run the server as") from None
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._process_options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._run("initdb", "-D", "data", "-N", "-A", "trust", "-U", "postgres",
                  "--locale=C.UTF-8", "--encoding=UTF8")  # fmt: skip
        # Only the user kim must give a password.
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all kim scram-sha-256\n{rules.read_text()}")
        self._process = self._start(settings)

    def url(self, database: str) -> str:
        """Return the URL of a database of this server."""
        url = URL.create(
            "postgresql", "postgres", database=database, query={"host": str(self.folder)}
        )
        return url.render_as_string(hide_password=False)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Return a connection of the server's administrator."""
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True
        )

    def make(self, database: str, template: str = "template1") -> str:
        """Create a database and return its URL."""
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def stop(self) -> None:
        """Stop the server at once and delete its data."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            text=True,
            **self._process_options,
        )  # type: ignore[call-overload]
        if result.returncode != 0:
            raise NoServerError(f"{program} failed: {result.stderr.strip()}")

    def _start(self, settings: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        options = ("listen_addresses=", "max_connections=200", "shared_buffers=64MB", *settings)
        log = (self.folder / "log").open("wb")
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [self._programs / "postgres", "-D", "data", "-k", self.folder,
             *(word for option in options for word in ("-c", option))],
            stdout=log, stderr=log,
            # End with the tests, even if they are killed.
            preexec_fn=partial(ctypes.CDLL(None).prctl, _SET_PDEATHSIG, signal.SIGQUIT),
            **self._process_options,
        )  # type: ignore[call-overload]  # fmt: skip
        end = time.monotonic() + 30
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > end:
                    text = (self.folder / "log").read_text(errors="replace")
                    raise NoServerError(f"the server did not start: {text[-500:]}") from error
                time.sleep(0.05)
            else:
                return process


@contextmanager
def running() -> Iterator[Server]:
    """Give a server that is stopped at the end of the block."""
    server = Server()
    try:
        yield server
    finally:
        server.stop()


class ResettableDatabase:
    """A database that can be reset, between tests, to its content when this object was made."""

    def __init__(self, server: Server, database: str) -> None:
        self.url = server.url(database)
        self._connection = server.connect(database)
        run = self._connection.execute
        run("CREATE SCHEMA pristine")
        tables = [
            row[0] for row in run("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        ]
        for table in tables:
            run(f'CREATE TABLE pristine."{table}" AS TABLE public."{table}"')
        sequences = run("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        steps = ["SET session_replication_role = replica"]
        for table in tables:
            steps.append(f'DELETE FROM public."{table}"')
            steps.append(f'INSERT INTO public."{table}" SELECT * FROM pristine."{table}"')
        steps += [
            f"SELECT setval('public.\"{name}\"', {value or 1}, {value is not None})"
            for name, value in sequences
        ]
        self._steps = "; ".join(steps)

    def reset(self) -> None:
        """Close all other connections and restore the content."""
        self.disconnect_all()
        self._connection.execute(self._steps)

    def disconnect_all(self) -> None:
        """Close all other connections, as a restart of the server does."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
