"""Spellings that find each other, and everything of a ticket that is found."""

from pathlib import Path

import pytest

from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.text_words import words
from tests.verbs import do


def first(desk: Desk, text: str) -> str:
    """Return the id of the first article."""
    found = suggest(desk, text, "kb", typing=False).hits
    return found[0].id if found else ""


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Grüße der Zorblaxe", "gruesse zorblaxe"),
        ("Gruesse der Zorblaxe", "Grüße Zorblaxe"),
        ("Straße gesperrt", "strasse"),
        ("Zorblax-Störung", "zorblaxstoerung"),
        ("İstanbul şubesi", "istanbul subesi"),
        ("ISPARTA ışık", "isparta isik"),
        ("Zorbłąd w systemie", "zorblad"),
        ("Zorblax365 setup", "zorblax 365"),
        ("Zorblax 365 setup", "zorblax365"),
        ("Windows 11 zorblax", "win11 zorblax"),
        ("Win11 zorblax", "windows 11 zorblax"),
        ("Update KB5034441 zorblax", "5034441"),
        ("Update 5034441 zorblax", "KB5034441"),
        ("Zorblax 0x80070099", "80070099"),
        ("Zorblax 80070099", "0x80070099"),
        ("Zor-blaxing guide", "zorblaxing guide"),
        ("Zorblaxing guide", "zor-blaxing guide"),
        ("Netzwerkzorblax fehlt", "zorblax"),
        ("🦖 is loose", "🦖"),
    ],
)
def test_other_spellings_find_each_other(desk: Desk, kb: Path, title: str, asked: str) -> None:
    (kb / "z.md").write_text(f"---\ntitle: {title}\nkind: article\n---\n", encoding="utf-8")
    assert first(desk, asked) == "z.md"


def test_a_misspelt_word_is_corrected_to_the_likelier_one(desk: Desk, kb: Path) -> None:
    """ "foeld" could be an old spelling of "föld", but hardly of "fold"."""
    (kb / "fold.md").write_text("---\ntitle: Fold the zorblax\nkind: article\n---\n")
    for name in ("one", "two"):
        text = f"---\ntitle: Field {name} of the zorblax\nkind: article\n---\n"
        (kb / f"{name}.md").write_text(text)
    found = suggest(desk, "zorblax foeld", "kb", typing=False)
    assert found.corrected == ("field",)
    assert found.hits[0].id in ("one.md", "two.md")


@pytest.mark.parametrize(("typed", "meant"), [("conntact", "contact"), ("twiter", "twitter")])
def test_a_word_that_only_looks_english_is_corrected(
    desk: Desk, kb: Path, typed: str, meant: str
) -> None:
    (kb / "z.md").write_text(f"---\ntitle: Zorblax {meant} guide\nkind: article\n---\n")
    assert suggest(desk, f"zorblax {typed}", "kb", typing=False).corrected == (meant,)


def test_a_made_up_form_of_a_word_does_not_count_as_another_word(desk: Desk, kb: Path) -> None:
    """The stemmer of the index takes "photoe" for "photo": it would weigh twice."""
    for name, title in (("a", "Photo zorblax"), ("b", "Photo quuxle")):
        (kb / f"{name}.md").write_text(f"---\ntitle: {title}\nkind: article\n---\n")
    found = suggest(desk, "photo zorblax", "kb", typing=False).hits
    assert found[0].id == "a.md"
    assert not any("→" in word for hit in found for word in hit.why)


def test_a_name_is_found_by_both_of_its_spellings(desk: Desk, kb: Path) -> None:
    (kb / "m.md").write_text("---\ntitle: Ask Müller\nkind: article\n---\n", "utf-8")
    assert first(desk, "Mueller") == "m.md"


def test_one_letter_never_beats_the_exact_word(desk: Desk, kb: Path) -> None:
    (kb / "order.md").write_text("---\ntitle: Order a charger\nkind: article\n---\n")
    (kb / "roeder.md").write_text("---\ntitle: Ask Röder for it\nkind: article\n---\n", "utf-8")
    assert first(desk, "Röder") == "roeder.md"
    assert suggest(desk, "Röder", typing=False).corrected == ()


def test_an_emoji_and_a_dotted_letter_do_not_cut_a_word() -> None:
    assert words("Dİsk 🖨️ broken") == ["disk", "printer", "broken"]


def test_everything_of_a_ticket_is_found(desk: Desk) -> None:
    ticket = log_query.log_query(
        desk, NewQuery("flurble grinds", "serial ZX-4711", requester="maria.ortiz@quux.example")
    )
    do(desk, ticket.number, Note("the blorptang was loose"))
    do(desk, ticket.number, Reply("we oiled the snorkwheel"))
    do(desk, ticket.number, Reply("anything else?"))
    for text in ("blorptang", "snorkwheel", "ortiz", "maria.ortiz@quux.example", "quux", "zx4711",
                 "4711", ticket.ref):  # fmt: skip
        found = [hit.id for hit in suggest(desk, text, "tickets", typing=False).hits]
        assert found[:1] == [ticket.ref], text


def test_a_document_with_all_words_stands_before_one_with_some(desk: Desk, kb: Path) -> None:
    (kb / "a.md").write_text("---\ntitle: Zorblax quirk\nkind: article\n---\n")
    (kb / "b.md").write_text("---\ntitle: Zorblax quirk mending\nkind: article\n---\n")
    assert first(desk, "mending zorblax quirk") == "b.md"
