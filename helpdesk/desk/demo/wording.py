"""Write the texts of a demo ticket: templates with filled blanks, typing errors, odd mail."""

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
    """The values of a ticket's blanks; each is drawn once, so that a device keeps its name."""

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
    """Draws the texts of one ticket: the requester's query, the agents' replies and notes."""

    def __init__(self, rng: Random, issue: Issue, language: str, first_name: str) -> None:
        self._rng = rng
        self._issue = issue
        self._language = language
        self._blanks = Blanks(rng)
        self._blanks["first"] = first_name

    def query(self, odd: str) -> tuple[str, str]:
        """Return a subject and the details.

        :param odd: the table of ``odd.toml`` to draw from, or "" for an ordinary query.
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
            subject = _hurried(rng, subject)
            if rng.random() < 0.15:
                body = misspelt(rng, body)
        return subject[:SUBJECT_LIMIT], body

    def answer(self, agent: str) -> str:
        """Return the reply that resolves the issue, signed with the agent's first name."""
        return self._letter(self._rng.choice(self._issue.answers), agent)

    def reply(self, about: str, agent: str) -> str:
        """Return a reply from the list ``about`` of ``talk.toml``, signed with the first name."""
        return self._letter(self._talk(about), agent)

    def note(self, about: str) -> str:
        """Return an internal note from the list ``about`` of ``talk.toml``.

        Notes about work in progress often come from the issue instead.
        """
        if about == "working" and self._rng.random() < 0.6:
            return self._filled(self._rng.choice(self._issue.notes))
        return self._filled(self._talk(about))

    def _odd(self, table: str) -> tuple[str, str]:
        odd = self._rng.choice(load_texts("odd")[table])
        if table == "hostile":  # Braces in these texts are not blanks.
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


def _hurried(rng: Random, subject: str) -> str:
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
    """Return the text with a typing error in one of its longer words, if it has any."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    match = rng.choice(words)
    word = match.group()
    place = rng.randrange(1, len(word) - 1)
    misspelling = rng.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
        )
    )
    return text[: match.start()] + misspelling + text[match.end() :]
