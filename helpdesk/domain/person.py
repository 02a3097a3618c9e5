"""The rules for what is known of people who send queries."""

import re
from collections.abc import Iterable, Mapping

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.person_search import folded_name, is_phone_number
from helpdesk.domain.text import accept, one_line

NAME_LIMIT = 200
LINE_LIMIT = 100
NOTE_LIMIT = 10_000
#: The parts of a person's record that are one line of plain text.
LINES = ("phone", "room", "device")
#: The name in timeline entries of the field for those who asked the same.
FURTHER_REQUESTER = "further requester"

_ADDRESS = r'[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}'
_PERSON = re.compile(rf"(?P<name>[^@<>]*)<\s*(?P<boxed>{_ADDRESS})\s*>|(?P<bare>{_ADDRESS})")
#: A reference, also behind the name.
_REF = re.compile(r"(?:[Pp]-([1-9]\d{0,17})|.*\(P-([1-9]\d{0,17})\))")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")


def person_ref(number: int) -> str:
    """Return the reference of a person, such as "P-12", by which they can be named exactly."""
    return f"P-{number}"


def parse_person_ref(text: str) -> int | None:
    """Return the number in a reference such as "P-12" or a label, or None if there is none."""
    found = _REF.fullmatch(text.strip())
    return int(found[1] or found[2]) if found else None


def person_label(name: str, number: int) -> str:
    """Return how a field names a person without an address: the name with the reference."""
    return f"{name} ({person_ref(number)})"


def read_address(text: str) -> tuple[str, str] | None:
    """Return the mail address in lower case and the name in a text; None: no mail address.

    :param text: a mail address, or a name with one: "Mara Ortiz <m.ortiz@contoso.example>".
    """
    found = _PERSON.fullmatch(text.strip())
    if found is None:
        return None
    mail = found["boxed"] or found["bare"]
    if one_line(mail) != mail:  # The address holds control characters.
        return None
    return mail.lower(), one_line(found["name"] or "").strip("\"' ")


def accept_address(text: str) -> str:
    """Return a mail address as it is stored; "" for none.

    :raises RefusedError: if the text is not a mail address.
    """
    if not text.strip():
        return ""
    found = read_address(text)
    if found is None or found[1]:
        raise RefusedError(
            _("{text!r} is not a mail address: write it like m.ortiz@contoso.example.").format(
                text=one_line(text)[:60]
            )
        )
    return found[0]


def accept_person_name(text: str) -> str:
    """Return the name of a person as it is stored.

    :raises RefusedError: if it is empty, too long or not printable, or is a telephone number.
    """
    name = " ".join(accept(text, "name").split())
    if not name:
        raise RefusedError(_("the name of the person is missing: write it."))
    is_printable = one_line(name) == name and any(char.isalnum() for char in name)
    if not is_printable or len(name) > NAME_LIMIT or "@" in name or is_phone_number(name):
        raise RefusedError(
            _("{text!r} is no name for a person: use 1 to {limit} printable characters.").format(
                text=one_line(text)[:60], limit=NAME_LIMIT
            )
        )
    return name


def accept_line(text: str, what: str) -> str:
    """Return a line of plain text, such as a telephone number, as it is stored.

    :param what: what the text is ("phone"), for the error sentence.
    :raises RefusedError: if it is too long.
    """
    line = " ".join(accept(text, what).split())
    if len(line) > LINE_LIMIT:
        raise RefusedError(
            _("the {what} has {count:,} characters; at most {limit} are allowed.").format(
                what=what, count=len(line), limit=LINE_LIMIT
            )
        )
    return line


def accept_language(text: str) -> str:
    """Return the code of a language as it is stored, such as ``de``; "" for none.

    :raises RefusedError: if the text is not such a code.
    """
    code = text.strip().lower().replace("_", "-")
    if code and not _LANGUAGE.fullmatch(code):
        raise RefusedError(
            _("{text!r} is not a language: write its code, such as en, de or pt-br.").format(
                text=one_line(text)[:40]
            )
        )
    return code


def accept_note(text: str) -> str:
    """Return a note on a person or a customer as it is stored.

    :raises RefusedError: if it is too long.
    """
    return accept(text, "note", NOTE_LIMIT).strip()


def joined_values(kept: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a person whose two records are joined, so that nothing is lost.

    :param kept: the values of the record that stays, by name; where both have one, it stays and the
        other one goes into the note.
    :param other: those of the other record.
    """
    values = {name: value or other[name] for name, value in kept.items() if name != "note"}
    rest = "; ".join(
        f"{name}: {other[name]}"
        for name, value in values.items()
        if other[name] and folded_name(other[name]) != folded_name(value)
    )
    notes = dict.fromkeys(filter(None, (kept["note"], other["note"], rest)))
    return {**values, "note": "\n".join(notes)[:NOTE_LIMIT]}


def in_words(names: Iterable[str], most: int = 5) -> str:
    """Return names in a sentence, the first of them if there are many."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
