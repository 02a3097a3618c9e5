"""How people write: wordings with their blanks filled in, slips of the finger, odd mail."""

import re
from random import Random

from helpdesk.desk.demo.issues import Issue
from helpdesk.desk.demo.texts import load_texts
from helpdesk.domain.text import SUBJECT_LIMIT

_WORD = re.compile(r"(?<![\w{\\.])[a-z]{5,}(?![\w}@\\.])", re.IGNORECASE)
_PREFIXES = ("URGENT: ", "Re: ", "Fwd: ", "AW: ", "WG: ", "[EXTERNAL] ", "Question: ")
_SUFFIXES = ("!!!", " 😕", " 🙏", " ???", " - please help", " (again)", " thx", " 😡")
_HEX = "0123456789abcdef"


class Blanks(dict[str, str]):
    """What stands in a ticket's blanks: drawn once, so that a device keeps its name."""

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self._rng = rng

    def __missing__(self, name: str) -> str:
        rng = self._rng
        pattern = rng.choice(load_texts("slots")[name])
        if "#" in pattern or "%" in pattern:
            pattern = "".join(
                str(rng.randrange(10)) if char == "#" else rng.choice(_HEX) if char == "%" else char
                for char in pattern
            )
        self[name] = pattern
        return str(pattern)


class Wording:
    """Finds the words of one ticket: the requester's, and the agents' to this requester."""

    def __init__(self, rng: Random, issue: Issue, language: str, first_name: str) -> None:
        self._rng = rng
        self._issue = issue
        self._language = language
        self._blanks = Blanks(rng)
        self._blanks["first"] = first_name

    def query(self, odd: str) -> tuple[str, str]:
        """Return a subject and the details.

        :param odd: "" for an ordinary query, else a table of ``odd.toml``.
        """
        if odd:
            return self._odd(odd)
        rng, issue = self._rng, self._issue
        subjects = issue.subjects.get(self._language, ())
        if not subjects or rng.random() < 0.6:
            subjects = issue.subjects["en"]
        subject = self._filled(rng.choice(subjects))
        body = self._filled(rng.choice(issue.bodies)) if rng.random() < 0.85 else ""
        if issue.channel is None:
            subject = _worn(rng, subject)
            if rng.random() < 0.15:
                body = misspelt(rng, body)
        return subject[:SUBJECT_LIMIT], body

    def answer(self, agent: str) -> str:
        """Return what solved it, as an agent of that first name writes it."""
        return self._letter(self._rng.choice(self._issue.answers), agent)

    def reply(self, about: str, agent: str) -> str:
        """Return a reply of the kind ``about`` (a table of ``talk.toml``)."""
        return self._letter(self._talk(about), agent)

    def note(self, about: str) -> str:
        """Return an internal remark of the kind ``about``; often it is about the issue itself."""
        if about == "working" and self._rng.random() < 0.6:
            return self._filled(self._rng.choice(self._issue.notes))
        return self._filled(self._talk(about))

    def _odd(self, table: str) -> tuple[str, str]:
        odd = self._rng.choice(load_texts("odd")[table])
        if table == "hostile":  # its braces are no blanks
            return odd["subject"], odd["body"]
        return self._filled(odd["subject"])[:SUBJECT_LIMIT], self._filled(odd["body"])

    def _letter(self, text: str, agent: str) -> str:
        rng, talk = self._rng, load_texts("talk")
        greetings = talk.get(f"greetings_{self._language}", talk["greetings"])
        self._blanks["me"] = agent
        return self._filled(f"{rng.choice(greetings)}\n\n{text}\n\n{rng.choice(talk['sign_offs'])}")

    def _talk(self, about: str) -> str:
        return str(self._rng.choice(load_texts("talk")[about]))

    def _filled(self, text: str) -> str:
        return text.format_map(self._blanks)


def _worn(rng: Random, subject: str) -> str:
    """Return a subject as people in a hurry write it."""
    chance = rng.random()
    if chance < 0.14:
        return misspelt(rng, subject)
    if chance < 0.20:
        return subject.lower()
    if chance < 0.21:
        return subject.upper()
    if chance < 0.26:
        return rng.choice(_PREFIXES) + subject
    if chance < 0.30:
        return subject + rng.choice(_SUFFIXES)
    return subject


def misspelt(rng: Random, text: str) -> str:
    """Return the text with a slip in one of its longer words, if it has any."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    found = rng.choice(words)
    word = found.group()
    place = rng.randrange(1, len(word) - 1)
    slip = rng.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
        )
    )
    return text[: found.start()] + slip + text[found.end() :]
