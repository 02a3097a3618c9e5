"""Watching the folder of the knowledge base for edits.

Only its own folders are watched: a link to another folder is not followed, as nowhere else.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

_DEBOUNCE_MS = 100
_CHECK_EVERY_S = 1.0


def watch(root: Path, changed: Callable[[], None]) -> Callable[[], None]:
    """Call ``changed`` in a thread of its own whenever something below ``root`` changes.

    It is also called once soon after the beginning, for what changed since the caller has looked.
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

    known = _folders(root)
    while not stop.is_set():
        if not known:
            stop.wait(_CHECK_EVERY_S)
        now = _folders(root)
        if now != known:
            known = now
            changed()
        if not known:
            continue
        told = False
        try:
            for changes in watchfiles.watch(
                *known,
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_DEBOUNCE_MS // 2,
                rust_timeout=int(_CHECK_EVERY_S * 1000),
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                # Otherwise it follows links: out of the folder, and round and round in it.
                recursive=False,
            ):
                if changes or not told:
                    # The first time, because a file may have changed just before the watch began.
                    told = True
                    changed()
                if (changes or not root.is_dir()) and _folders(root) != known:
                    break
        except (OSError, RuntimeError):
            stop.wait(_CHECK_EVERY_S)


def _folders(root: Path) -> frozenset[str]:
    """Return the folder and the real folders below it that can be read; empty if it is missing.

    Hidden folders, and folders with a name that is not UTF-8, hold no articles.
    """
    found: set[str] = set()
    left = [str(root)]
    while left:
        folder = left.pop()
        try:
            with os.scandir(folder) as entries:
                below = [
                    entry.path
                    for entry in entries
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
                ]
        except OSError:
            continue
        if _is_utf8(folder):
            found.add(folder)
            left += below
    return frozenset(found)


def _is_utf8(text: str) -> bool:
    """Return whether a name of a file consists of UTF-8 text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
