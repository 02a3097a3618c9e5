"""The background indexing continues after an unexpected error and prints no traceback."""

import threading
import time
from collections.abc import Sequence

import pytest

from helpdesk.locations import state_dir
from helpdesk.search.index_filler import IndexFiller


def test_an_unexpected_error_is_logged_and_the_next_call_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uncaught: list[object] = []
    monkeypatch.setattr(threading, "excepthook", uncaught.append)
    asked: list[Sequence[int]] = []
    finished = threading.Event()

    def piece(wanted: Sequence[int], _seconds: float) -> bool:
        asked.append(wanted)
        if len(asked) == 1:
            raise ZeroDivisionError("a defect")
        return True

    filler = IndexFiller(piece, finished.set)
    filler.fill([1])
    end = time.monotonic() + 60
    while filler.is_running and time.monotonic() < end:
        time.sleep(0.01)
    assert not filler.is_running
    assert not finished.is_set()
    assert "a defect" in (state_dir() / "errors.log").read_text()
    filler.fill([2])
    assert finished.wait(60)
    assert asked == [[1], [2]]
    assert uncaught == []
    filler.stop()
