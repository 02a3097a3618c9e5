"""What becomes of a merged ticket: its work goes along, and it counts as no answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.desk.bulk import undo
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.report import kpi_report
from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.search.views import Suggestion
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import follow_ups, log_query, show_ticket, splitting
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Note, Receive, Reply
from helpdesk.desk.ticket.links import Link, Merge
from helpdesk.desk.ticket.resolving import Rate, Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.time_spent import entries
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.fields import FieldChanges
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.tags import TagChange
from helpdesk.domain.ticket import LinkKind, ReplyWay, State
from helpdesk.report.period import ReportPeriod
from tests.policies import apply_text
from tests.verbs import do

_MARA = "mara@contoso.example"


def log(desk: Desk, subject: str, requester: str = _MARA, body: str = "") -> int:
    return log_query.log_query(desk, NewQuery(subject, body, requester)).number


def show(desk: Desk, number: int) -> TicketView:
    return show_ticket.show(desk, number)


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A desk with tickets 1 and 2 of one requester, and tickets 3 to 5 besides."""
    for subject in ("first", "second", "third", "fourth", "fifth"):
        log(desk, subject)
    return desk


def figures(desk: Desk) -> dict[str, float | int | None]:
    now = desk.now()
    period = ReportPeriod(now - timedelta(days=30), now + timedelta(days=1), "now")
    found = kpi_report.kpis(desk, period)
    return {figure.kpi.name: figure.value for figure in found.total.figures}


class TestTheRequestersLaterMessage:
    def test_reaches_the_ticket_that_goes_on(self, two: Desk) -> None:
        do(two, 1, Merge(2))
        do(two, 2, Merge(3))
        before = show(two, 1)
        do(two, 1, Receive("still broken"))
        assert show(two, 1) == before
        last = show(two, 3).events[-1]
        assert (last.type, last.text, last.data["via"]) == (
            *("requester_wrote", "still broken", "HD-1"),
        )

    def test_opens_the_resolved_ticket_that_went_on_and_not_the_merged_one(self, two: Desk) -> None:
        do(two, 1, Merge(2))
        do(two, 2, Resolve("done"))
        do(two, 1, Receive("still broken"))
        assert (show(two, 1).state, show(two, 2).state) == (State.RESOLVED, State.OPEN)
        assert (show(two, 1).reopenings, show(two, 2).reopenings) == (0, 1)


class TestWhatCountsAsAnswered:
    def test_a_merge_meets_no_clock(self, two: Desk) -> None:
        do(two, 1, Merge(2))
        assert show(two, 1).clocks == ()
        do(two, 1, Reopen("another issue"))
        assert {one.name: one.state for one in show(two, 1).clocks} == {
            one.name: one.state for one in show(two, 3).clocks
        }
        assert show(two, 1).reopenings == 0

    def test_an_answer_before_the_merge_stays_one(self, two: Desk) -> None:
        do(two, 1, Reply("we look"))
        do(two, 1, Merge(2))
        assert [(one.name, one.state) for one in show(two, 1).clocks] == [("first_response", "met")]

    def test_no_figure_counts_a_merge(self, two: Desk) -> None:
        do(two, 3, Resolve("done"))
        before = figures(two)
        do(two, 1, Merge(2))
        do(two, 4, Merge(2))
        do(two, 4, Reopen("another issue"))
        after = figures(two)
        changed = {name for name in before if before[name] != after[name]}
        assert {name for name in changed if not name.startswith("backlog")} == set()

    @pytest.mark.parametrize("action", [Reply("x", ReplyWay.PHONE), Rate(5)])
    def test_an_answer_and_a_rating_belong_to_the_ticket_that_goes_on(
        self, two: Desk, action: Action
    ) -> None:
        do(two, 1, Merge(2))
        with pytest.raises(RefusedError, match="HD-1 was merged into HD-2, which goes on"):
            do(two, 1, action)
        with pytest.raises(RefusedError, match="use 'spend' on HD-2"):
            entries.record_time(two, 1, "5m")


class TestWhatGoesAlong:
    def work(self, desk: Desk) -> None:
        do(desk, 1, SetFields(FieldChanges(tags=TagChange(("vip", "dock")), callback="123")))
        do(desk, 2, SetFields(FieldChanges(tags=TagChange(("dock",)))))
        entries.record_time(desk, 1, "45m")
        do(desk, 1, Link(3, LinkKind.PARENT))
        do(desk, 4, Link(1, LinkKind.PARENT))
        do(desk, 5, Link(1, LinkKind.DUPLICATE))
        do(desk, 1, Link(2, LinkKind.RELATED))
        do(desk, 1, FollowUp("3d"))
        follow_ups.watch(desk, 1)
        entries.start(desk, 1)

    def facts(self, desk: Desk, number: int) -> tuple[object, ...]:
        ticket = show(desk, number)
        links = {(one.kind, one.outward, one.ref) for one in ticket.links}
        clocks = [(one.name, one.state, one.due_at) for one in ticket.clocks]
        running = entries.running(desk)
        timer = running.number if running else 0
        return (
            *(ticket.tags, ticket.minutes, links, clocks, ticket.follow_up_at, ticket.callback),
            *(ticket.watchers, ticket.state, ticket.further_requesters, timer),
        )

    def test_is_on_the_ticket_that_goes_on(self, two: Desk) -> None:
        self.work(two)
        do(two, 1, Merge(2))
        one, other = show(two, 1), show(two, 2)
        assert (other.tags, other.minutes, one.minutes) == (("dock", "vip"), 45, 0)
        assert {(link.kind, link.outward, link.ref) for link in other.links} == {
            (LinkKind.PARENT, True, "HD-3"),
            (LinkKind.PARENT, False, "HD-4"),
            (LinkKind.DUPLICATE, False, "HD-5"),
            (LinkKind.DUPLICATE, False, "HD-1"),
            (LinkKind.RELATED, False, "HD-1"),
        }
        assert (other.watchers, other.callback) == (("ann",), "123")
        assert other.follow_up_at is not None
        running = entries.running(two)
        assert running is not None
        assert running.number == 2
        joined = other.events[-1].data
        assert (joined["tags"], joined["spent"]) == ("vip", "45m")
        do(two, 2, Resolve("done"))
        assert show(two, 5).state is State.RESOLVED  # it followed the merged ticket

    @pytest.mark.parametrize("back", ["undo", "reopen"])
    def test_comes_back(self, two: Desk, back: str) -> None:
        self.work(two)
        before = [self.facts(two, number) for number in (1, 2, 3, 4, 5)]
        do(two, 1, Merge(2))
        if back == "undo":
            assert undo.undo(two, [1]).refused == ()
            assert [self.facts(two, number) for number in (1, 2, 3, 4, 5)] == before
        else:
            do(two, 1, Reopen("another issue"))
            after = show(two, 1)
            assert (after.tags, after.minutes) == (("dock", "vip"), 45)
            assert (show(two, 2).tags, show(two, 2).minutes) == (("dock",), 0)
            [refusal] = undo.undo(two, [1]).refused
            assert "merge it again (M)" in refusal.sentence

    def test_time_stays_with_the_customer_who_pays_it(self, desk: Desk) -> None:
        for customer in ("Contoso", "Fabrikam"):
            log_query.log_query(desk, NewQuery("x", customer=customer))
        entries.record_time(desk, 1, "45m")
        do(desk, 1, Merge(2))
        assert (show(desk, 1).minutes, show(desk, 2).minutes) == (45, 0)


class TestCircles:
    def test_a_ticket_is_not_merged_back(self, two: Desk) -> None:
        do(two, 1, Merge(2))
        with pytest.raises(RefusedError, match="HD-1 was merged into it, and it goes on"):
            do(two, 2, Merge(1))
        with pytest.raises(RefusedError, match=r"HD-1 was merged into HD-2; name that one"):
            do(two, 3, Merge(1))
        do(two, 1, Reopen("another issue"))
        do(two, 2, Merge(1))
        assert [(one.outward, one.ref) for one in show(two, 2).links] == [(True, "HD-1")]

    def test_a_ticket_is_not_merged_into_its_duplicate(self, two: Desk) -> None:
        do(two, 2, Link(1, LinkKind.DUPLICATE))
        do(two, 3, Link(2, LinkKind.DUPLICATE))
        for number in (2, 3):
            with pytest.raises(RefusedError, match="is a duplicate of it: merge HD-"):
                do(two, 1, Merge(number))
        with pytest.raises(RefusedError, match="it is a duplicate of HD-1; merge it into that"):
            do(two, 2, Merge(4))


class TestConfidentialCustomers:
    @pytest.fixture
    def secretive(self, desk: Desk) -> Desk:
        text = '\n[customers.Secret]\ndomains = ["secret.example"]\nconfidential = ["ann"]\n'
        apply_text(desk, apply_policy.show(desk).text + text)
        desk.database.forget_visibility()
        log(desk, "takeover", "x@secret.example")
        log(desk, "ours", "y@contoso.example")
        return desk

    @pytest.mark.parametrize("action", [Merge, lambda to: Link(to, LinkKind.DUPLICATE)])
    def test_their_tickets_are_joined_with_no_others(
        self, secretive: Desk, action: Callable[[int], Action]
    ) -> None:
        for number, other in ((1, 2), (2, 1)):
            with pytest.raises(RefusedError, match="are not joined"):
                do(secretive, number, action(other))
        with pytest.raises(RefusedError, match="are not joined"):
            log_query.log_query(secretive, NewQuery("x"), duplicate_of=1)
        another = log(secretive, "takeover again", "z@secret.example")
        do(secretive, another, action(1))

    def test_their_answer_is_not_copied_into_a_duplicate_of_old(self, desk: Desk) -> None:
        log(desk, "takeover", "x@secret.example")
        log(desk, "ours", "y@contoso.example")
        do(desk, 2, Link(1, LinkKind.DUPLICATE))
        text = '\n[customers.Secret]\ndomains = ["secret.example"]\nconfidential = ["ann"]\n'
        apply_text(desk, apply_policy.show(desk).text + text)
        desk.database.forget_visibility()
        do(desk, 1, SetFields(FieldChanges(customer="Secret")))
        do(desk, 1, Resolve("the secret answer"))
        other = show(desk, 2)
        assert other.state is State.OPEN
        assert "secret" not in " ".join(event.text for event in other.events)
        assert other.links == ()


class TestSearch:
    def find(self, desk: Desk, words: str) -> tuple[Suggestion, ...]:
        return suggest(desk, words, "tickets", typing=False).hits  # it waits for the index

    def test_words_of_a_merged_ticket_find_it_and_lead_on(self, two: Desk) -> None:
        merged = log(two, "flurbled gizmo", body="it says zebrawort")
        other = log(two, "the machine is broken", body="nothing in common")
        do(two, merged, Merge(other))
        [hit] = self.find(two, "zebrawort")
        assert (hit.id, hit.leads_to, hit.repeat) == (f"HD-{merged}", f"HD-{other}", False)
        assert hit.note == f"goes on in HD-{other}"
        do(two, other, Merge(1))
        [hit] = self.find(two, "zebrawort")
        assert hit.leads_to == "HD-1"

    def test_the_ticket_that_goes_on_is_found_instead_if_it_has_the_words(self, two: Desk) -> None:
        numbers = [log(two, f"gizmo {word}") for word in ("hums", "squeaks", "beeps")]
        for number in numbers[1:]:
            do(two, number, Merge(numbers[0]))
        assert [hit.id for hit in self.find(two, "gizmo")] == [f"HD-{numbers[0]}"]


class TestSplitting:
    def whole(self, desk: Desk) -> int:
        number = log(desk, "two things")
        do(desk, number, Receive("and the phone is dead"))
        do(desk, number, Note("it is the cable"))
        do(desk, number, Reply("we look at the phone"))
        add = FieldChanges(tags=TagChange(("vip",)))
        do(desk, number, SetFields(add))
        return number

    def test_chosen_entries_go_along_with_tags(self, desk: Desk) -> None:
        number = self.whole(desk)
        part = splitting.split(desk, number, "the phone", entries=[5, 2])
        brought = [event for event in part.events if event.type == "brought"]
        assert [(one.text, one.data["was"], one.public) for one in brought] == [
            ("and the phone is dead", "requester_wrote", True),
            ("we look at the phone", "replied", True),
        ]
        assert {one.data["from"] for one in brought} == {"HD-1"}
        assert part.tags == ("vip",)
        assert {clock.state for clock in part.clocks} == {"running"}  # nobody was answered on it
        assert show(desk, number).events[-1].data["entries"] == [2, 5]
        for wrong in (0, 99, 1):
            with pytest.raises(RefusedError, match="entry"):
                splitting.split(desk, number, "x", entries=[wrong])

    def test_further_requesters_go_along(self, desk: Desk) -> None:
        number, other = log(desk, "two things"), log(desk, "too", "jo@contoso.example")
        do(desk, other, Link(number, LinkKind.DUPLICATE))
        part = splitting.split(desk, number, "one of them")
        assert [one.mail for one in part.further_requesters] == ["jo@contoso.example"]

    def test_it_is_undone_until_the_part_is_worked_on(self, desk: Desk) -> None:
        number = self.whole(desk)
        before = show(desk, number)
        part = splitting.split(desk, number, "the phone", entries=[2])
        assert undo.undo(desk, [number]).refused == ()
        assert (show(desk, number).tags, show(desk, number).state) == (before.tags, before.state)
        ended = show(desk, part.number)
        assert (ended.state, ended.merged_into) == (State.RESOLVED, f"HD-{number}")
        again = splitting.split(desk, number, "the phone")
        do(desk, again.number, Note("on it"))
        [refusal] = undo.undo(desk, [number]).refused
        assert f"merge it into HD-{number}" in refusal.sentence


def test_the_answer_of_a_merged_ticket_is_that_of_the_other(two: Desk) -> None:
    do(two, 1, Merge(2))
    do(two, 2, Resolve("turn it off and on"))
    again = log_query.log_query(two, NewQuery("first"), resolve_like=1)
    assert again.state is State.RESOLVED
