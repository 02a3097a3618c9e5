"""The drop folder, in which agents connected over SSH read and write files by their plain name."""

import os
import stat
from pathlib import Path

from helpdesk.domain.errors import UnavailableError

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def require_own_folder(folder: Path) -> None:
    """Check that only this account and root can put files or links into the folder.

    Another user who can could lay a link there, through which an export would be written.  The
    folders above are checked as well: who can rename a folder can replace it.  Those with a sticky
    bit, such as ``/tmp``, are safe in this respect.

    :raises UnavailableError: if others may write to it, or if it does not exist.
    """
    real = Path(os.path.realpath(folder))
    for place in (real, *real.parents):
        try:
            status = place.stat()
        except OSError as error:
            raise UnavailableError(
                f"the drop folder {folder} cannot be used ({error.strerror}): ask the host's "
                "administrator to create it."
            ) from error
        if not stat.S_ISDIR(status.st_mode):
            raise UnavailableError(
                f"the drop folder {folder} is no folder: ask the host's administrator to set it."
            )
        shared = status.st_mode & _WRITABLE_BY_OTHERS
        if place != real and status.st_mode & stat.S_ISVTX:
            shared = 0
        if shared or status.st_uid not in (os.geteuid(), 0):
            raise UnavailableError(
                f"the drop folder {folder} is not used, because other users of the host may write "
                f"to {place}: ask the host's administrator to close it (chmod go-w)."
            )
