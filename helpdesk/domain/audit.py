"""The audit trail: a chain of records in which each record carries the hash of the previous one.

Altering, removing or inserting a record breaks the chain at that point, unless all later records
are rewritten too.  Such a rewrite is detected by comparing the trail with an anchor: the number and
hash of a record, stored in a place that the attacker cannot change.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

#: The previous hash of the first record.
GENESIS = "0" * 64
#: What the record says by which somebody has confirmed that the host's clock is right.  No other
#: record is dated before the previous one.
CLOCK_CONFIRMED = "host's clock confirmed"
_ANCHOR_PREFIX = "helpdesk-audit"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, and where they come from.

    :ivar login: the agent's login; "" where the program acts before anybody has signed in.
    :ivar address: the network address of the SSH client; "" without SSH.
    :ivar key: the fingerprint of the SSH key; "" without SSH.
    :ivar host: the name of the host on which the program runs.
    """

    login: str = ""
    address: str = ""
    key: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the audit trail: a change, or an attempt that was refused.

    :ivar seq: the record's number; numbers start at 1 and have no gaps.
    :ivar at: when it happened (aware UTC); the hash covers whole seconds only.
    :ivar did: what was done, in a few words.
    :ivar what: the details, as the text of a JSON document.
    :ivar previous: the hash of the previous record.
    """

    seq: int
    at: datetime
    who: Actor
    did: str
    what: str
    previous: str

    @property
    def digest(self) -> str:
        """The record's hash: hexadecimal SHA-256 of a JSON list of all its fields."""
        fields = [
            self.seq,
            int(self.at.timestamp()),
            *(self.who.login, self.who.address, self.who.key, self.who.host),
            *(self.did, self.what, self.previous),
        ]
        text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def text_digest(*fields: object) -> str:
    """Return the hash with which an audit record covers data that is stored elsewhere."""
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last record at some time, to be stored where the desk's account cannot write.

    :ivar seq: the number of the record.
    :ivar digest: the hash of the record.
    :ivar at: when the anchor was made.
    """

    seq: int
    digest: str
    at: datetime

    def line(self) -> str:
        """Return the anchor as a line for a log, which nothing in the database can break."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = re.sub("[^0-9a-f]", "?", self.digest)
        return f"{_ANCHOR_PREFIX} seq={self.seq} sha256={digest} at={at}"


def read_anchor(line: str) -> Anchor | None:
    """Return the anchor in a log line, or None if the line has none.

    Any text before the anchor, such as a time stamp, is ignored.

    :raises RefusedError: if the anchor is damaged.
    """
    start = line.find(f"{_ANCHOR_PREFIX} ")
    if start < 0:
        return None
    try:
        words = dict(word.split("=", 1) for word in line[start:].split()[1:4])
        return Anchor(int(words["seq"]), words["sha256"], datetime.fromisoformat(words["at"]))
    except (KeyError, ValueError):
        raise RefusedError(f"this anchor is damaged: {one_line(line)[:120]}.") from None
