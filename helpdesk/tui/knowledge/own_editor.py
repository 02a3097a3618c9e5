"""Editing a text in the user's own editor, for which the app is suspended."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from textual.app import App, SuspendNotSupported

from helpdesk.domain.errors import RefusedError
from helpdesk.locations import state_dir
from helpdesk.ssh.programs import run_program


def edit_externally(app: App[Any], command: list[str], path: str, text: str) -> str:
    """Return a text as changed in an external editor.

    The editor gets a copy in the user's state folder.  The article itself is saved by the desk,
    which checks for changes by others.

    :param command: the editor and its arguments, to which the path of the copy is added.
    :param path: the article's path, for the name of the copy.
    :raises RefusedError: if the editor cannot be run or fails, or leaves no UTF-8 text.
    """
    try:
        folder = state_dir() / "editing"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix="edit-") as place:
            copy = Path(place) / PurePosixPath(path).name
            copy.write_text(text, encoding="utf-8")
            code = _run_suspended(app, [*command, str(copy)], Path(place))
            if code:
                raise RefusedError(f"{command[0]} ended with code {code}: the text is unchanged.")
            return copy.read_text(encoding="utf-8")
    except SuspendNotSupported:
        raise RefusedError("this terminal cannot run another editor.") from None
    except UnicodeDecodeError:
        raise RefusedError(f"{command[0]} left no UTF-8 text: the text is unchanged.") from None
    except OSError as error:
        raise RefusedError(f"{command[0]} cannot be used ({error.strerror}).") from error


def _run_suspended(app: App[Any], command: list[str], folder: Path) -> int:
    """Run the editor while the app is suspended; return its exit code.

    :param folder: the folder of the copy, the only one that an editor may change over SSH.
    """
    failed: OSError | None = None
    code = 0
    with app.suspend(), _keys_that_interrupt_are_the_editors():
        # An exception within the block would leave the app suspended.
        try:
            code = run_program(command, [folder], check=False).returncode
        except OSError as error:
            failed = error
    if failed is not None:
        raise failed
    return code


@contextmanager
def _keys_that_interrupt_are_the_editors() -> Iterator[None]:
    """Let Ctrl+C and Ctrl+\\ in the editor, which reach every process of the terminal, pass."""
    before = {
        each: signal.signal(each, lambda *_: None) for each in (signal.SIGINT, signal.SIGQUIT)
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
