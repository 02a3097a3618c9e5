"""What is marked as a repeat, what teaches, and the one score of a ticket."""

import json
from pathlib import Path

import pytest

from helpdesk.desk.search.suggest import run_batch, suggest, ticket_text
from helpdesk.desk.search.unfit import say_it_fits, say_unfit
from helpdesk.desk.search.views import SearchMode, Suggestion
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.resolving import Rate, Reopen, Resolve, resolve_with
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.search.searcher import Searcher
from helpdesk.store.search.documents import TICKET, Doc
from helpdesk.store.search.index import SearchIndex
from tests.search.unanswered import UNANSWERED
from tests.verbs import do

_VPN = "vpn/keepalive.md"


def hits(desk: Desk, text: str, scope: str = "all", service: str = "") -> tuple[Suggestion, ...]:
    """Return the hits of a complete text."""
    return suggest(desk, text, scope, typing=False, service=service).hits


def score(desk: Desk, text: str, path: str, service: str = "") -> float:
    """Return the score of an article; 0 if it is not found."""
    return next((hit.score for hit in hits(desk, text, service=service) if hit.id == path), 0.0)


def solve(desk: Desk, subject: str, path: str | None = None, text: str = "do this") -> int:
    """Log and resolve a ticket, and return its number."""
    number = log_query.log_query(desk, NewQuery(subject)).number
    do(desk, number, resolve_with(desk, text, path) if path else Resolve(text))
    return number


def test_queries_without_an_answer_get_no_marks(desk: Desk) -> None:
    marked = [text for text in UNANSWERED if any(hit.repeat for hit in hits(desk, text, "kb"))]
    assert len(marked) <= len(UNANSWERED) // 100


@pytest.mark.parametrize("text", ["vpn drops evry ten minuts", "vpn drops evrey tenn minuets"])
def test_a_misspelt_word_without_meaning_takes_no_mark_away(desk: Desk, text: str) -> None:
    """The mark must not depend on the language model, whose vectors may not be there yet."""
    suggest(desk, text, "kb")
    first = Searcher(desk.library.index).search(text, scope="kb").hits[0]
    assert (first.id, first.repeat) == (_VPN, True)


def test_one_word_is_never_enough_for_a_mark(desk: Desk) -> None:
    assert not any(hit.repeat for hit in hits(desk, "vpn"))
    assert hits(desk, "vpn drops after idle", "kb")[0].repeat


@pytest.mark.parametrize(
    "text", ["toner empty floor 3", "lights flicker in the kitchen", "three deadlocks in the pool"]
)
def test_a_word_of_the_language_is_not_corrected(desk: Desk, text: str) -> None:
    assert suggest(desk, text, typing=False).corrected == ()


def test_a_word_in_quotes_is_not_corrected(desk: Desk) -> None:
    assert suggest(desk, "pasword", typing=False).corrected
    assert not suggest(desk, '"pasword"', typing=False).corrected


def test_hits_that_have_next_to_nothing_in_common_are_not_shown(desk: Desk) -> None:
    for text in ("coffee machine on floor 2 leaks", "what is a good recipe for lentil soup"):
        assert all(hit.score >= 0.15 for hit in hits(desk, text))


def test_details_telephone_numbers_and_the_service_leave_the_score_alone(desk: Desk) -> None:
    subject = "vpn drops after idle"
    details = "Please call back: +49 30 1234567, a@x.example.\nIt is the blue laptop on my desk."
    alone = score(desk, subject, _VPN)
    assert alone > 0.9
    assert score(desk, ticket_text(subject, details), _VPN) >= alone
    assert score(desk, subject, _VPN, "vpn") == alone
    typed = suggest(desk, subject, typing=True).hits
    assert next(hit.score for hit in typed if hit.id == _VPN) == alone


def test_a_wrong_answer_does_not_teach(desk: Desk) -> None:
    text = "flurble leaks over the carpet"
    before = score(desk, text, _VPN)
    good = solve(desk, text, _VPN)
    taught = score(desk, text, _VPN)
    assert not any(hit.repeat for hit in hits(desk, text, "kb"))
    do(desk, good, Rate(1))
    desk.library.forget("uses")
    assert score(desk, text, _VPN) <= taught
    assert not any(hit.repeat for hit in hits(desk, text))
    do(desk, good, Reopen("it leaks again"))
    assert score(desk, text, _VPN) == before


def test_what_does_not_fit_is_neither_marked_nor_first_for_that_query(desk: Desk) -> None:
    first = hits(desk, "vpn drops after idle", "kb")[0]
    assert first.repeat
    say_unfit(desk, "vpn drops after idle", first.id)
    after = hits(desk, "vpn drops after idle", "kb")
    assert after[-1].id == first.id
    assert not any(hit.repeat for hit in after if hit.id == first.id)
    assert hits(desk, "vpn disconnects every ten minutes", "kb")[0].id == first.id
    with pytest.raises(RefusedError, match="no words"):
        say_unfit(desk, "?!", first.id)


def test_tickets_of_one_issue_are_one_line_and_open_ones_come_first(desk: Desk) -> None:
    for _ in range(3):
        solve(desk, "flurble grinds loudly")
    solve(desk, "Loud flurble quiet again")
    opened = log_query.log_query(desk, NewQuery("Flurble grinds loudly"))
    found = [hit for hit in hits(desk, "flurble grinds loudly", "tickets") if "grind" in hit.title]
    assert (found[0].id, found[0].active) == (opened.ref, True)
    assert len(found) == 2
    assert found[1].note == "2 like it, last today"


def test_a_batch_carries_the_mark(desk: Desk) -> None:
    (answer,) = run_batch(desk, [json.dumps({"q": "vpn drops after idle"})], "kb", 3)
    assert answer["hits"][0]["repeat"] is True
    assert answer["hits"][1]["repeat"] is False


def test_equal_tickets_are_found_however_common_their_words_are(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    subjects = ["reset the key"] * 1_400 + ["token of the key card"] * 1_400 + ["token reset"] * 90
    subjects += [f"token reset of machine {number}" for number in range(60)]
    docs = [
        Doc(TICKET, f"HD-{number}", subject, body="", status="closed")
        for number, subject in enumerate(subjects, 1)
    ]
    with index.write() as writer:
        writer.put(docs)
    found = Searcher(index).search("token reset", scope="tickets", limit=5).hits
    assert found[0].title == "token reset"
    assert [hit.title for hit in found].count("token reset") == 1


def test_that_a_hit_does_not_fit_can_be_taken_back(desk: Desk) -> None:
    text = "vpn drops after idle"
    before = hits(desk, text, "kb")
    say_unfit(desk, text, before[0].id)
    after = {hit.id: hit for hit in hits(desk, text, "kb")}[before[0].id]
    assert (after.unfit, after.repeat) == (True, False)
    say_it_fits(desk, "idle vpn drops", before[0].id)
    assert hits(desk, text, "kb") == before


def test_a_ticket_has_the_score_that_its_text_had_before_it_was_logged(desk: Desk) -> None:
    solve(desk, "flurble grinds loudly since Monday")
    text = ticket_text("flurble grinds", "It is loud. Call +49 30 1234567.")
    typed = hits(desk, text)
    logged = log_query.log_query(
        desk, NewQuery("flurble grinds", "It is loud. Call +49 30 1234567.")
    )
    assert suggest(desk, text, typing=False, mode=SearchMode(ignored=logged.ref)).hits == typed


def test_a_word_is_searched_as_it_was_typed_if_that_is_asked(desk: Desk) -> None:
    assert suggest(desk, "pasword", typing=False).corrected
    found = suggest(desk, "pasword", typing=False, mode=SearchMode(as_typed=True))
    assert (found.corrected, found.as_typed) == ((), True)
    assert not any("password" in word for hit in found.hits for word in hit.why)
