"""``helpdesk agent key …``: the SSH keys with which agents sign in."""

import argparse
from typing import Any

from helpdesk.cli.changes import changes
from helpdesk.cli.files import read_bytes
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.desk.ssh import keys
from helpdesk.domain.i18n import n_

#: Read at most this many bytes: no public key is longer, and an endless pipe must not be read on.
_READ_LIMIT = 64 * 1024


def add(arguments: argparse.Namespace) -> None:
    """Let an agent sign in with a public key."""
    raw = read_bytes(arguments.file, _READ_LIMIT, "name the file that ends in .pub")
    text = raw.decode("utf-8-sig", "replace")
    with opened_desk(arguments) as desk:
        added = keys.add(desk, arguments.login, text)
    if wants_json(arguments):
        print_json(_json(added))
    else:
        print_text(f"{added.login} can sign in with {added.fingerprint} ({added.strength}).")


def list_keys(arguments: argparse.Namespace) -> None:
    """List the keys of all agents, or of one."""
    with opened_desk(arguments) as desk:
        found = keys.list_keys(desk, arguments.login)
    if wants_json(arguments):
        print_json([_json(key) for key in found])
        return
    print_table(
        ("LOGIN", "FINGERPRINT", "KIND", "ADDED", "BY", "COMMENT"),
        (
            (
                *(key.login, key.fingerprint, key.strength, local(key.added_at)),
                *(key.added_by or "-", key.comment),
            )
            for key in found
        ),
    )


def remove(arguments: argparse.Namespace) -> None:
    """Remove a key and end its connections."""
    with opened_desk(arguments) as desk:
        removed = keys.remove(desk, arguments.login, arguments.fingerprint)
    if wants_json(arguments):
        print_json(_json(removed))
    else:
        print_text(f"{removed.login} can no longer sign in with {removed.fingerprint}.")


def write(arguments: argparse.Namespace) -> None:
    """Rewrite all keys in sshd's file."""
    with opened_desk(arguments) as desk:
        count = keys.rewrite(desk)
    told = n_("{n} key written for sshd", "{n} keys written for sshd", count).format(n=count)
    changes.add(told)
    if wants_json(arguments):
        print_json({"keys": count})
    else:
        print_text(f"{told}.")


def authorized(arguments: argparse.Namespace) -> None:
    """Print the lines for sshd's ``AuthorizedKeysCommand``."""
    with opened_desk(arguments) as desk:
        found = keys.lines(desk, arguments.fingerprint)
    if wants_json(arguments):
        print_json(list(found))
        return
    for line in found:
        print_text(line)


def _json(key: keys.KeyView) -> dict[str, Any]:
    return {
        "login": key.login,
        "fingerprint": key.fingerprint,
        "kind": key.strength,
        "comment": key.comment,
        "added_at": iso(key.added_at),
        "added_by": key.added_by,
    }
