"""Check, preview and apply policy files; read past versions of the policy."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpdesk.desk import scheduler
from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.inbox import alarms
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import requesters
from helpdesk.desk.policy import apply_policy, recompute
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.handling import Pend, Reply
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery, TicketView
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.errors import ConflictError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import ReplyWay, Waiting
from tests.conftest import MONDAY, StillClock
from tests.policies import apply_more, apply_text, policy_in, sla
from tests.verbs import do

_HOUR = timedelta(hours=1)
_CONTOSO = '[customers.Contoso]\ndomains = ["contoso.example"]\nsupport_hours = "8/5"\n'


def clocks(ticket: TicketView) -> dict[str, ClockView]:
    """Return a ticket's clocks by name."""
    return {clock.name: clock for clock in ticket.clocks}


def with_p3_resolution(resolution: str) -> str:
    """Return the starter policy with another resolution target for P3."""
    before = 'P3 = { first_response = "4h", resolution = "24h" }'
    assert before in starter_text()
    return starter_text().replace(before, before.replace("24h", resolution))


def test_a_new_desk_begins_with_the_starter_policy(desk: Desk) -> None:
    shown = apply_policy.show(desk)
    assert (shown.number, shown.label, shown.applied_by) == (1, "Starter", "")
    assert shown.text == starter_text()
    ticket = log_query.log_query(desk, NewQuery("one"))
    assert (ticket.policy, ticket.policy_version) == ("Standard 24/7", 1)
    assert apply_policy.check_in_force(desk) == ()


def test_a_preview_names_the_clocks_that_move_and_changes_nothing(
    desk: Desk, clock: StillClock, tmp_path: Path
) -> None:
    for number in range(4):
        log_query.log_query(desk, NewQuery(f"number {number}"))
        clock.advance(hours=3)
    do(desk, 4, Resolve())
    before = [show_ticket.show(desk, number) for number in range(1, 5)]
    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h"))
    preview = apply_policy.preview(desk, policy_in(file))
    assert (preview.version, preview.open_tickets, preview.clocks, preview.breached) == (2, 3, 3, 2)
    assert [(one.ref, [clock.clock for clock in one.clocks]) for one in preview.changes] == [
        ("HD-1", ["resolution"]),
        ("HD-2", ["resolution"]),
        ("HD-3", ["resolution"]),
    ]
    first = preview.changes[0].clocks[0]
    assert (first.before, first.after) == (MONDAY + 24 * _HOUR, MONDAY + 8 * _HOUR)
    assert [show_ticket.show(desk, number) for number in range(1, 5)] == before
    assert apply_policy.show(desk).number == 1


def test_applying_does_what_the_preview_said(desk: Desk, clock: StillClock, tmp_path: Path) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=10)
    scheduler.catch_up(desk)
    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h"))
    preview = apply_policy.preview(desk, policy_in(file))
    assert apply_policy.apply(desk, policy_in(file)) == preview
    shown = show_ticket.show(desk, 1)
    assert shown.policy_version == 2
    resolution = clocks(shown)["resolution"]
    assert (resolution.state, resolution.breached_at) == (ClockState.BREACHED, clock.now)
    assert (shown.events[-1].type, shown.events[-1].actor) == ("recomputed", "ann")
    clock.advance(seconds=1)
    scheduler.catch_up(desk)
    assert next((one.clock, one.breach, one.at) for one in alarms.recent(desk)) == (
        *("resolution", True),
        clock.now - timedelta(seconds=1),
    )
    assert apply_policy.show(desk, 1).text == starter_text()
    assert [one.number for one in apply_policy.versions(desk)] == [2, 1]


def test_a_ticket_whose_sla_stays_the_same_gets_no_timeline_entry(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    preview = apply_text(desk, starter_text().replace('"Help desk"', '"First line"'))
    shown = show_ticket.show(desk, 1)
    assert (preview.clocks, preview.open_tickets) == (0, 1)
    assert (shown.policy_version, [event.type for event in shown.events]) == (2, ["logged"])


def test_a_longer_target_gives_time_and_a_breach_stays(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))
    clock.advance(hours=25)
    scheduler.catch_up(desk)
    apply_text(desk, with_p3_resolution("30h"))
    resolution = clocks(show_ticket.show(desk, 1))["resolution"]
    assert (resolution.remaining_s, resolution.state) == (5 * 3600, ClockState.BREACHED)
    assert resolution.breached_at == MONDAY + 24 * _HOUR
    clock.advance(hours=6)
    scheduler.catch_up(desk)
    breaches = [one for one in alarms.recent(desk) if one.breach and one.clock == "resolution"]
    assert len(breaches) == 1


def test_pauses_change_from_the_time_of_applying_on(desk: Desk, clock: StillClock) -> None:
    for number, on in enumerate((Waiting.REQUESTER, Waiting.VENDOR), 1):
        log_query.log_query(desk, NewQuery(f"number {number}"))
        do(desk, number, Pend(on))
    clock.advance(hours=2)
    apply_text(
        desk, starter_text().replace('resolution = ["requester"]', 'resolution = ["vendor"]')
    )
    clock.advance(hours=1)
    left = [clocks(show_ticket.show(desk, number))["resolution"] for number in (1, 2)]
    assert [one.remaining_s for one in left] == [23 * 3600, 22 * 3600]
    assert [one.due_at for one in left] == [MONDAY + 26 * _HOUR, None]


def test_customers_have_their_hours_targets_and_levels(desk: Desk, clock: StillClock) -> None:
    gold = sla("Gold", 'customers = ["Contoso"]', 'first_response = "1h", resolution = "16h"')
    other = '[customers.Fabrikam]\nsupport_hours = "8/5"\n'
    apply_more(desk, f"{_CONTOSO}{other}{gold}")
    first = log_query.log_query(desk, NewQuery("one", requester="m@contoso.example"))
    assert (first.customer, first.policy, first.support_hours) == ("Contoso", "Gold", "8/5 UTC")
    assert clocks(first)["resolution"].due_at == MONDAY + timedelta(days=1, hours=8)
    # The targets for everybody, counted in this customer's support hours.
    second = log_query.log_query(desk, NewQuery("two", customer="Fabrikam"))
    assert (second.policy, second.support_hours) == ("Standard 24/7", "8/5 UTC")
    assert clocks(second)["resolution"].due_at == MONDAY + timedelta(days=2, hours=8)
    third = log_query.log_query(desk, NewQuery("three"))
    assert third.support_hours == "24/7 UTC"


def test_a_contract_counts_from_its_first_day_to_its_last(desk: Desk, clock: StillClock) -> None:
    terms = "starts = 2026-11-24\nends = 2026-11-25\n"
    apply_more(desk, _CONTOSO + terms)
    hours = []
    for _ in range(4):
        hours.append(log_query.log_query(desk, NewQuery("one", customer="Contoso")).support_hours)
        clock.advance(days=1)
    assert hours == ["24/7 UTC", "8/5 UTC", "8/5 UTC", "24/7 UTC"]
    contract = show_ticket.show(desk, 2).contract
    assert contract is not None
    assert (contract.valid, contract.ends) == (False, "2026-11-25")
    assert [one.place for one in apply_policy.check_in_force(desk)] == ["customers.Contoso.ends"]


def test_a_new_domain_gives_known_requesters_a_customer(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one", requester="m@contoso.example"))
    log_query.log_query(desk, NewQuery("two", requester="x@notcontoso.example"))
    apply_more(desk, _CONTOSO)
    assert [
        requesters.requesters(desk, mail)[0].customer for mail in ("m@contoso", "x@notcontoso")
    ] == ["Contoso", ""]


def test_services_that_the_file_drops_stay_without_keywords(desk: Desk) -> None:
    text = starter_text().replace("[services.vpn]", "[services.tunnel]")
    apply_text(desk, text)
    assert log_query.preview(desk, NewQuery("vpn tunnel is down")).service == "tunnel"
    assert "vpn" in requesters.services(desk)  # it stays for old tickets, but without keywords


def test_the_matrix_decides_from_the_next_change_on(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("one"))
    apply_text(
        desk,
        starter_text().replace(
            'medium = { high = "P2", medium = "P3", low = "P4" }',
            'medium = { high = "P1", medium = "P2", low = "P4" }',
        ),
    )
    assert show_ticket.show(desk, 1).priority is Priority.P3
    assert log_query.log_query(desk, NewQuery("two")).priority is Priority.P2
    changed = do(desk, 1, SetFields(fields.FieldChanges(urgency=Urgency.HIGH)))
    assert changed.priority is Priority.P1


def test_a_ticket_says_what_happens_at_its_breach(desk: Desk) -> None:
    ticket = log_query.log_query(desk, NewQuery("one"))
    assert ticket.at_breach == ("notify assignee", "notify lead")
    assert ticket.contract is None
    assert do(desk, 1, Resolve()).at_breach == ()


def test_the_ola_of_a_level_follows_the_policy(desk: Desk, clock: StillClock) -> None:
    log_query.log_query(desk, NewQuery("one"))
    do(desk, 1, Escalate(Level.L2, "r", HandOver(asked="x")))
    clock.advance(hours=1)
    apply_text(desk, starter_text().replace('ola = "16h"', 'ola = "2h"'))
    clock_now = show_ticket.show(desk, 1).level_clock
    assert clock_now is not None
    assert (clock_now.target_s, clock_now.remaining_s) == (7200, 3600)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('timezone = "host"', 'timezone = "Mars/Olympus"'), "is no time zone"),
        (('"mon-fri 09:00-17:00"', '"mon-fri 25:00-26:00"'), "25:00"),
        (("[levels.L4]", "[levels.L5]"), "there is no level 'L5'"),
        (('L3 = "L4"', 'L3 = "L1"'), "goes in a circle"),
        (('calendar = "24/7"', 'calendar = "24/7"\nkinds = ["request"]'), "there is no default"),
        (("[pauses]", "[customers.Gone]\nends = 2020-01-01\n[pauses]"), "ended on 2020-01-01"),
    ],
)
def test_a_file_with_a_mistake_is_refused_and_nothing_is_applied_in_part(
    desk: Desk, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    before = show_ticket.show(desk, 1)
    file = tmp_path / "policy.toml"
    assert change[0] in starter_text()
    file.write_text(starter_text().replace(*change))
    for verb in (apply_policy.preview, apply_policy.apply):
        with pytest.raises(RefusedError, match=said) as refused:
            verb(desk, policy_in(file))
        assert str(refused.value).startswith(f"{file}:")
    assert show_ticket.show(desk, 1) == before
    assert len(apply_policy.versions(desk)) == 1
    assert "Gone" not in str(requesters.services(desk))


def test_a_failure_in_the_middle_leaves_nothing_behind(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    before = show_ticket.show(desk, 1)

    def fail(*_: object) -> None:
        raise RefusedError("the disk is full")

    monkeypatch.setattr("helpdesk.store.ticket.recompute.close_resolved_after", fail)
    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h"))
    with pytest.raises(RefusedError, match="disk is full"):
        apply_policy.apply(desk, policy_in(file))
    assert show_ticket.show(desk, 1) == before
    assert len(apply_policy.versions(desk)) == 1


def test_changes_by_others_during_the_computation_are_not_lost(
    desk: Desk, clock: StillClock, tmp_path: Path, settings: Settings
) -> None:
    for number in range(3):
        log_query.log_query(desk, NewQuery(f"number {number}"))
    other = open_desk(settings, clock)

    def meanwhile(done: int, of: int) -> None:
        do(other, 1, SetFields(fields.FieldChanges(impact=Impact.HIGH, urgency=Urgency.HIGH)))
        do(other, 2, Resolve("done"))
        log_query.log_query(other, NewQuery("new"))

    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h").replace('resolution = "4h"', 'resolution = "3h"'))
    preview = apply_policy.apply(desk, policy_in(file), meanwhile)
    assert preview.open_tickets == 3
    due = {
        number: clocks(show_ticket.show(desk, number))["resolution"].due_at
        for number in (1, 2, 3, 4)
    }
    assert due == {
        1: MONDAY + 3 * _HOUR,
        2: MONDAY + 24 * _HOUR,  # it was resolved before, so it does not change
        3: MONDAY + 8 * _HOUR,
        4: MONDAY + 8 * _HOUR,
    }
    other.close()


def test_of_two_agents_who_apply_at_once_the_second_is_refused(
    desk: Desk, clock: StillClock, tmp_path: Path, settings: Settings
) -> None:
    log_query.log_query(desk, NewQuery("one"))
    other = open_desk(settings, clock)
    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h"))
    with pytest.raises(ConflictError, match="changed meanwhile by ann"):
        apply_policy.apply(desk, policy_in(file), lambda done, of: _apply(other, file))
    other.close()
    assert len(apply_policy.versions(desk)) == 2


def _apply(desk: Desk, file: Path) -> None:
    apply_policy.apply(desk, policy_in(file))


def test_only_leads_and_administrators_apply(
    desk: Desk, clock: StillClock, tmp_path: Path, settings: Settings
) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h"))
    bob = open_desk(Settings(settings.database, settings.kb, "bob"), clock)
    assert apply_policy.preview(bob, policy_in(file)).version == 2
    with pytest.raises(NotPermittedError, match="may not change the policy"):
        apply_policy.apply(bob, policy_in(file))
    bob.close()


def test_past_due_times_are_shown_by_the_calendar_in_force_then(
    desk: Desk, clock: StillClock
) -> None:
    office = sla("Office", 'calendar = "8/5"\nservices = ["office"]', 'resolution = "12h"')
    apply_more(desk, f"[services.office]\n{office}")
    log_query.log_query(desk, NewQuery("one", service="office"))
    do(desk, 1, Reply("seen", ReplyWay.PHONE))
    do(desk, 1, Resolve("done"))
    before = show_ticket.show(desk, 1).clocks
    longer = starter_text().replace("mon-fri 09:00-17:00", "mon-sat 07:00-22:00")
    apply_text(desk, f"{longer}\n[services.office]\n{office}")
    assert show_ticket.show(desk, 1).clocks == before
    log_query.log_query(desk, NewQuery("two", service="office"))
    assert clocks(show_ticket.show(desk, 2))["resolution"].due_at == MONDAY + 12 * _HOUR


def test_applying_in_chunks_gives_the_same_result(
    desk: Desk, clock: StillClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(11):
        log_query.log_query(desk, NewQuery(f"number {number}"))
        clock.advance(minutes=1)
    file = tmp_path / "policy.toml"
    file.write_text(with_p3_resolution("8h"))
    whole = apply_policy.preview(desk, policy_in(file))
    said: list[tuple[int, int]] = []
    monkeypatch.setattr(recompute, "CHUNK", 3)
    assert (
        apply_policy.apply(desk, policy_in(file), lambda done, of: said.append((done, of))) == whole
    )
    assert said == [(3, 11), (6, 11), (9, 11), (11, 11)]
    due: list[datetime | None] = [
        clocks(show_ticket.show(desk, number))["resolution"].due_at for number in range(1, 12)
    ]
    assert due == [MONDAY + timedelta(hours=8, minutes=number) for number in range(11)]
