"""Parsing and checking a public key in OpenSSH's format."""

import base64
import binascii
import hashlib
import re
import warnings
from dataclasses import dataclass
from typing import Any

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

#: 128 bits of security (NIST SP 800-57 part 1 rev. 5, table 2); the default of ssh-keygen since
#: OpenSSH 8.0, and the minimum of BSI TR-02102-1.
MIN_RSA_BITS = 3072
_MAX_LENGTH = 16 * 1024
_COMMENT_LIMIT = 100
_KIND = re.compile(r"(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+")
_CERTIFICATE = "-cert-v01@openssh.com"
_MAKE_ONE = "make one with 'ssh-keygen -t ed25519' and give the file that ends in .pub"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A valid public key.

    :ivar kind: the key type as in the file, such as ``ssh-ed25519``.
    :ivar body: the key itself, in Base64.
    :ivar fingerprint: ``SHA256:…`` as ``ssh-keygen -l`` prints it.
    :ivar strength: such as ``ED25519`` or ``RSA 4096``.
    """

    kind: str
    body: str
    comment: str
    fingerprint: str
    strength: str

    @property
    def line(self) -> str:
        """The key as in ``authorized_keys``, without options and comment."""
        return f"{self.kind} {self.body}"


def read_public_key(text: str) -> PublicKey:
    """Parse the text of a file with one public key.

    :raises RefusedError: if it is a private key, has options or several keys, or if the key is
        weak, damaged, a certificate, or of an unknown type.
    """
    if len(text) > _MAX_LENGTH:
        raise RefusedError(f"this is no public key, it is too long: {_MAKE_ONE}.")
    if "PRIVATE KEY" in text or text.startswith("PuTTY-User-Key-File"):
        raise RefusedError(
            "this is a private key, nothing was stored: it must not leave the machine on which it "
            "was made, so make a new pair and give the file that ends in .pub."
        )
    if "BEGIN SSH2 PUBLIC KEY" in text:
        raise RefusedError(
            "this key is in the format of RFC 4716: turn it into OpenSSH's with "
            "'ssh-keygen -i -f FILE' and give what that prints."
        )
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise RefusedError(f"there is no public key in it: {_MAKE_ONE}.")
    if len(lines) > 1:
        raise RefusedError(f"there are {len(lines)} lines with keys in it: give one key at a time.")
    return _read_line(lines[0])


def _read_line(line: str) -> PublicKey:
    words = line.split(None, 2)
    kind = words[0]
    if not _KIND.fullmatch(kind):
        if any(_KIND.fullmatch(word) for word in line.split()[1:]):
            raise RefusedError(
                f"the key begins with options ({one_line(kind)[:40]} …): give the key alone, the "
                "help desk writes the options itself."
            )
        raise RefusedError(f"this is no public key: {_MAKE_ONE}.")
    if kind.endswith(_CERTIFICATE):
        raise RefusedError("this is a certificate: give the public key that it was made for.")
    body = words[1] if len(words) > 1 else ""
    try:
        raw = base64.b64decode(body, validate=True)
    except binascii.Error:
        raise RefusedError(f"the {kind} key is damaged: copy the whole file again.") from None
    strength = _strength(kind, body)
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    comment = one_line(words[2])[:_COMMENT_LIMIT] if len(words) > 2 else ""
    return PublicKey(kind, body, comment, f"SHA256:{digest}", strength)


def _strength(kind: str, body: str) -> str:
    # Imported here, because it takes a sixth of a second and only managing keys needs it.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about DSA, which is refused below
            key = load_ssh_public_key(f"{kind} {body}".encode())
    except (ValueError, UnsupportedAlgorithm):
        raise RefusedError(
            f"the {kind} key is damaged or of a kind that is not known: {_MAKE_ONE}."
        ) from None
    return _strength_of(kind, key)


def _strength_of(kind: str, key: Any) -> str:
    """Return the algorithm and size of a key, such as ``RSA 4096``; refuse a weak key."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    hardware = " (security key)" if kind.startswith("sk-") else ""
    if isinstance(key, dsa.DSAPublicKey):
        raise RefusedError(f"a DSA key is too weak: {_MAKE_ONE}.")
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MIN_RSA_BITS:
            raise RefusedError(
                f"an RSA key of {key.key_size} bits is too weak, it needs {MIN_RSA_BITS}: "
                f"{_MAKE_ONE}."
            )
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.key_size}{hardware}"
    return f"ED25519{hardware}"
