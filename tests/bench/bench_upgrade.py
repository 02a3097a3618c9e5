"""How long the schema upgrade of a large desk takes, and the estimate that it prints first.

Run with ``pytest tests/bench/bench_upgrade.py -m bench -s``; ``HELPDESK_BENCH_TICKETS`` (100000) is
the number of tickets.
"""

import os
import time

import pytest

from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.opening import open_desk
from helpdesk.desk.queue import lists
from helpdesk.desk.settings import Settings
from tests import old_desk
from tests.conftest import KB

pytestmark = pytest.mark.bench

TICKETS = int(os.environ.get("HELPDESK_BENCH_TICKETS", "100000"))


def test_a_large_desk_of_the_first_schema(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.desk.administration.schema_upgrade.system_login", lambda: "ann")
    old_desk.make(url, TICKETS)
    settings = Settings(url, KB)
    begun = time.monotonic()
    print()
    schema_upgrade.upgrade(
        settings, told=lambda words: print(f"  {time.monotonic() - begun:6.1f} s  {words}")
    )
    print(f"  {time.monotonic() - begun:6.1f} s  in all")
    monkeypatch.setattr("helpdesk.desk.session.system_login", lambda: "ann")
    desk = open_desk(settings)
    assert lists.page(desk, lists.Selection()).total == 1
    desk.close()
