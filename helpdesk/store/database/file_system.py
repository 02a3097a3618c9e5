"""Detect network file systems, from the host's list of mounts."""

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
#: File systems that hosts share.  SQLite coordinates its processes by shared memory and locks,
#: which do not work across hosts.
_NETWORK_TYPES = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "9p", "ceph", "glusterfs"),
        *("lustre", "ocfs2", "gfs2", "beegfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph"),
        *("fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.juicefs", "davfs", "fuse.davfs2"),
    )
)


def network_file_system(path: Path, mounts: Path = _MOUNTS) -> str:
    """Return the type of the network file system on which a path lies, or "" if it is local.

    :param mounts: the host's list of mounts, as in proc(5); without one every path counts as local.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        place = path.resolve()
    except OSError:
        return ""
    kind, depth = "", -1
    for line in lines:
        before, _, after = line.partition(" - ")
        words = before.split(" ")
        if len(words) < 5 or not after:
            continue
        point = Path(_unescaped(words[4]))
        # Of two mounts on the same point, the later one hides the earlier one.
        if len(point.parts) >= depth and place.is_relative_to(point):
            kind, depth = after.split(" ")[0], len(point.parts)
    return kind if kind in _NETWORK_TYPES else ""


def _unescaped(word: str) -> str:
    """Decode the octal escapes of blanks and backslashes in a mount point."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), word)
