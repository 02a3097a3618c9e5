"""The person's own editor, in place of the app for a while."""

import subprocess
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from textual.app import App, SuspendNotSupported

from helpdesk.domain.errors import RefusedError
from helpdesk.locations import state_dir


def edited_outside(app: App[Any], command: list[str], path: str, text: str) -> str:
    """Return a text as the editor left it.

    The editor gets a copy in the person's state folder: the article itself is saved by the desk,
    which looks at what others did meanwhile.

    :raises RefusedError: if the editor cannot be run, or leaves no text.
    """
    try:
        folder = state_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix="edit-") as place:
            copy = Path(place) / PurePosixPath(path).name
            copy.write_text(text, encoding="utf-8")
            with app.suspend():
                code = subprocess.run([*command, str(copy)], check=False).returncode  # noqa: S603
            if code:
                raise RefusedError(f"{command[0]} ended with {code}: the text is as it was.")
            return copy.read_text(encoding="utf-8")
    except SuspendNotSupported:
        raise RefusedError("this terminal cannot be handed to another editor.") from None
    except UnicodeDecodeError:
        raise RefusedError(f"{command[0]} left no UTF-8 text: the text is as it was.") from None
    except OSError as error:
        raise RefusedError(f"{command[0]} cannot be used ({error.strerror}).") from error
