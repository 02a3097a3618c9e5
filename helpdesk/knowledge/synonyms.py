"""The synonyms and acronyms of a knowledge base, in the file ``synonyms`` of its folder.

Each line is a group of words or short phrases that mean the same, separated by commas; ``#`` begins
a comment::

    wifi, wlan, wireless
    mfa, 2fa, two factor, multi factor authentication
"""

from collections.abc import Iterator
from pathlib import Path

from helpdesk.domain.text_words import words
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.plain_file import NotPlainError, read_plain

NAME = "synonyms"
_SIZE_LIMIT = 256 * 1024
_WORDS_LIMIT = 6

Groups = tuple[tuple[str, ...], ...]


def file_stamp(root: Path) -> str:
    """Return the time and size of the file, to detect changes; "" if there is no file."""
    try:
        status = (root / NAME).stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns}:{status.st_size}"


def read_synonyms(root: Path) -> tuple[Groups, list[ArticleFinding]]:
    """Return the groups of normalized words or phrases, and the mistakes in the file."""
    try:
        raw, size = read_plain(root, root / NAME, _SIZE_LIMIT + 1)
        if size > _SIZE_LIMIT:
            return (), [_error(1, "the file is larger than 256 KiB")]
        text = raw.decode("utf-8-sig")
    except NotPlainError as error:
        return (), [_error(1, str(error))]
    except FileNotFoundError:
        return (), []
    except OSError as error:
        return (), [_error(1, f"the file cannot be read ({error.strerror})")]
    except UnicodeDecodeError:
        return (), [_error(1, "the file is not UTF-8 text")]
    groups: list[tuple[str, ...]] = []
    findings: list[ArticleFinding] = []
    owners: dict[str, int] = {}
    for number, line in _lines(text):
        group = tuple(dict.fromkeys(" ".join(words(part)) for part in line.split(",")))
        group = tuple(name for name in group if name)
        if len(group) < 2:
            findings.append(_error(number, "a group needs two words or more, separated by commas"))
            continue
        for name in group:
            if len(name.split()) > _WORDS_LIMIT:
                findings.append(_error(number, f"{name[:40]!r} has more than six words"))
            if owners.setdefault(name, number) != number:
                findings.append(
                    _error(number, f"{name[:40]!r} is in the group of line {owners[name]}, too")
                )
        groups.append(group)
    return tuple(groups), findings


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of each line that is not empty, without its comment."""
    for number, line in enumerate(text.splitlines(), 1):
        content = line.partition("#")[0].strip()
        if content:
            yield number, content


def _error(line: int, message: str) -> ArticleFinding:
    return ArticleFinding(NAME, line, Severity.ERROR, message)
