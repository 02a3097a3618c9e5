"""A desk on a server or in a file is missed by the account that has opened it."""

import pytest

from helpdesk.desk.administration import forget_desk
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import state_dir
from tests.conftest import KB
from tests.postgres import Server


def test_a_database_that_is_dropped_or_made_again_is_missed(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(postgres_server.make("missed"), KB)
    open_desk(settings).close()
    open_desk(settings).close()

    def execute(*statements: str) -> None:
        with postgres_server.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    try:
        execute('DROP DATABASE "missed" WITH (FORCE)')
        with pytest.raises(UnavailableError, match="is missing, the database is gone or empty"):
            open_desk(settings)
        postgres_server.make("missed")
        with pytest.raises(UnavailableError, match="is missing, the database is gone or empty"):
            open_desk(settings)
        forget_desk.forget(settings.database_url)
        open_desk(settings).close()
    finally:
        execute('DROP DATABASE IF EXISTS "missed" WITH (FORCE)')


def test_no_password_is_kept(desk: object, settings: Settings, engine: str) -> None:
    word = "hunter2"
    if engine == "postgresql":
        url = settings.database_url
        joined = "&" if "?" in url else "?"
        settings = Settings(f"{url}{joined}password={word}", KB)
        open_desk(settings).close()
    kept = [file.read_text() for file in (state_dir() / "desks").iterdir()]
    assert len(kept) == 1
    assert word not in kept[0]
