"""The salted digests by which an audit record covers values that are stored elsewhere.

A record is kept for ever, so it holds no values of rows, but a digest of each.  Each digest has a
salt of its own: without it nobody can find out by trying which value a digest is of.  The salts of
one change are derived from one random salt, so that storing them takes little room; to erase one
value, that salt is replaced by the derived salts of all other values.
"""

import os
from binascii import a2b_base64, b2a_base64
from hashlib import sha256, shake_128

SALT_BYTES = 16
#: The length of a digest: SHA-256 cut to 96 bits.
DIGEST_BYTES = 12
#: The length of a digest in a record, in base64.
DIGEST_CHARS = 16
#: Stands in the place of a digest of a value that was not known.
UNKNOWN = bytes(DIGEST_BYTES)


def new_salt() -> bytes:
    """Return a random salt."""
    return os.urandom(SALT_BYTES)


def derived_salts(salt: bytes, count: int) -> list[bytes]:
    """Return the salts that are derived from another one; it cannot be computed from them."""
    stream = shake_128(salt).digest(SALT_BYTES * count)
    return [stream[start : start + SALT_BYTES] for start in range(0, len(stream), SALT_BYTES)]


def canonical(value: str | int | None) -> bytes:
    """Return a value, as a database holds it, as bytes that are the same for every engine."""
    return ascii(value).encode()


def digest(salt: bytes, value: bytes) -> bytes:
    """Return the digest of a value in its canonical form."""
    return sha256(salt + value).digest()[:DIGEST_BYTES]


def rows_digest(salt: bytes, rows: list[tuple[str | int | None, ...]]) -> bytes:
    """Return one digest of many whole rows with their keys: to compare them takes little time."""
    return digest(salt, ascii(rows).encode())


def row_digests(salt: bytes, values: tuple[str | int | None, ...]) -> bytes:
    """Return the digest of a whole row, which is faster to compare, and that of each value."""
    stream = shake_128(salt).digest(SALT_BYTES * len(values))
    found = [sha256(salt + ascii(values).encode()).digest()[:DIGEST_BYTES]]
    start = 0
    for value in values:  # written out, because an upgrade does this for every value of a desk
        end = start + SALT_BYTES
        found.append(sha256(stream[start:end] + ascii(value).encode()).digest()[:DIGEST_BYTES])
        start = end
    return b"".join(found)


def split_digests(text: bytes) -> list[bytes]:
    """Return the single digests."""
    return [text[start : start + DIGEST_BYTES] for start in range(0, len(text), DIGEST_BYTES)]


def encode(raw: bytes) -> str:
    """Return digests or a salt as text."""
    return b2a_base64(raw, newline=False).decode()


def decode(text: str) -> bytes:
    """Return digests or a salt from text.

    :raises ValueError: if it is damaged.
    """
    return a2b_base64(text)
