"""Watching the folder of the knowledge base for edits."""

import threading
from collections.abc import Callable
from pathlib import Path

_DEBOUNCE_MS = 100
_CHECK_EVERY_S = 1.0


def watch(root: Path, changed: Callable[[], None]) -> Callable[[], None]:
    """Call ``changed`` in a thread of its own whenever something below ``root`` changes.

    If the folder is missing or deleted, wait until it exists.

    :returns: a function that stops watching.
    """
    stop = threading.Event()
    thread = threading.Thread(
        target=_run, args=(root, changed, stop), name="kb-watcher", daemon=True
    )
    thread.start()
    return stop.set


def _run(root: Path, changed: Callable[[], None], stop: threading.Event) -> None:
    # Imported here, because it imports an event loop library that nothing else needs.
    import watchfiles

    was_there = root.is_dir()
    while not stop.is_set():
        if not root.is_dir():
            was_there = False
            stop.wait(_CHECK_EVERY_S)
            continue
        if not was_there:
            was_there = True
            changed()
        try:
            for changes in watchfiles.watch(
                root,
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_DEBOUNCE_MS // 2,
                rust_timeout=int(_CHECK_EVERY_S * 1000),
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
            ):
                if changes:
                    changed()
                if not root.is_dir():
                    break
        except (OSError, RuntimeError):
            stop.wait(_CHECK_EVERY_S)
