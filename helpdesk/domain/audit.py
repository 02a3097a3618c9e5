"""The audit trail: records of which each carries the hash of the one before.

Whoever alters, removes or inserts a record breaks the chain at that place, unless they write all
later records anew; that shows against an anchor, a record's number and hash that were put down
outside their reach.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

#: What stands before the first record.
GENESIS = "0" * 64
_ANCHOR_SIGN = "helpdesk-audit"


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and from where.

    :ivar login: an agent's; "" where the program acts before anybody is signed in.
    :ivar address: the SSH client's network address, or "".
    :ivar key: the fingerprint of the SSH key, or "".
    :ivar host: the host on which the program runs.
    """

    login: str = ""
    address: str = ""
    key: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One change or one refused attempt.

    :ivar seq: counts the records from 1 on, without a gap.
    :ivar did: what was done, in a few words.
    :ivar what: the particulars, as the text of a JSON document.
    :ivar previous: the hash of the record before.
    """

    seq: int
    at: datetime
    who: Who
    did: str
    what: str
    previous: str

    @property
    def digest(self) -> str:
        """The record's hash: SHA-256 over a JSON list of all its fields, in hexadecimal."""
        fields = [
            self.seq,
            int(self.at.timestamp()),
            *(self.who.login, self.who.address, self.who.key, self.who.host),
            *(self.did, self.what, self.previous),
        ]
        text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def text_digest(*fields: object) -> str:
    """Return the hash by which a record vouches for something that is kept elsewhere."""
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The trail's end at some time, to be put down where the desk's account cannot write."""

    seq: int
    digest: str
    at: datetime

    def line(self) -> str:
        """Return the anchor as a line of a log."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{_ANCHOR_SIGN} seq={self.seq} sha256={self.digest} at={at}"


def read_anchor(line: str) -> Anchor | None:
    """Return the anchor that a line of a log holds, whatever stands before it; None: it has none.

    :raises RefusedError: if it looks like one but is damaged.
    """
    start = line.find(f"{_ANCHOR_SIGN} ")
    if start < 0:
        return None
    try:
        words = dict(word.split("=", 1) for word in line[start:].split()[1:4])
        return Anchor(int(words["seq"]), words["sha256"], datetime.fromisoformat(words["at"]))
    except (KeyError, ValueError):
        raise RefusedError(f"this anchor is damaged: {one_line(line)[:120]}.") from None
