"""``helpdesk db check`` finds nothing after any work that was done through the program."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.desk import scheduler
from helpdesk.desk.administration import doctor
from helpdesk.desk.bulk import bulk, undo
from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.inbox import inbox
from helpdesk.desk.opening import open_desk
from helpdesk.desk.people import preferences
from helpdesk.desk.search import search_log
from helpdesk.desk.session import Desk, utc_now
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Claim, Note, Pend, Reply
from helpdesk.desk.ticket.resolving import Close, Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import DeskError, UnavailableError
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.domain.ticket import Waiting
from tests import old_desk
from tests.audit import filled_desk as filled
from tests.audit.attack import AttackedDesk
from tests.audit.filled_desk import MovingClock, freshdesk_export, public_key
from tests.cli.shell import Shell
from tests.exchange.samples import write_samples
from tests.postgres import Server
from tests.verbs import do

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # the first test makes the desk

_FORK = multiprocessing.get_context("fork")
#: After everything that was done on the well-filled desk.
START_OF_WORK = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
#: Texts that are stored in other forms than they are typed, or that engines compare differently.
_ODD_TEXTS = (
    "ü, ũ, u\u0303, ß, ſ, 木, \U0001f600",
    "trailing blanks   ",
    "line\r\nends\nof\rall kinds\n",
    "quotes ' \" ` and \\ and %s {} ?",
    "a\tb\u00a0c\u200bd\u202ee",
    "NULL",
    "0012",
    "1e5",
    "x" * 5_000,
)


class Work:
    """A well-filled desk on which work is done, and its shell."""

    def __init__(self, desk: AttackedDesk, folder: Path) -> None:
        self.attacked = desk
        self.shell = desk.shell
        self.folder = folder
        self.clock = MovingClock(START_OF_WORK)
        self._opened = ExitStack()

    @property
    def url(self) -> str:
        """The URL of the database."""
        return self.shell.env["HELPDESK_DATABASE_URL"]

    def desk(self, login: str = "ann", clock: Callable[[], datetime] | None = None) -> Desk:
        """Open the desk as an agent; it is closed before the check."""
        opened = open_desk(Settings(self.url, self.shell.kb, login), clock or self.clock)
        self._opened.callback(opened.close)
        return opened

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Run a command that must succeed; return what it prints."""
        done = self.shell.run(*arguments, stdin=stdin)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout.decode()

    def close(self) -> None:
        """Close what was opened."""
        self._opened.close()


def _imports(work: Work) -> None:
    for mapping, file in write_samples(work.folder).items():
        work.run("import", str(file), "--map", mapping)
    file = work.folder / "many.csv"
    rows = freshdesk_export(300).splitlines()
    file.write_text("\n".join([rows[0], *(f"A{row}" for row in rows[1:])]))
    work.run("import", str(file), "--map", "freshdesk")
    work.run("import", str(file), "--map", "freshdesk")  # all are known already


def _undo(work: Work) -> None:
    work.run("ticket", "reply", "2", "--text", "not to be undone")
    for verb in (
        ("set", "2", "--tag", "+x", "--impact", "low"),
        ("escalate", "2", "--to", "L2", "--reason", "r", "--note", "n"),
        ("resolve", "3"),
    ):
        work.run("ticket", *verb)
        work.run("ticket", "undo", verb[1])
    bob = work.desk("bob", utc_now)
    bulk.require_done(bulk.apply(bob, [2, 3, 8], [Claim(), Pend(Waiting.VENDOR)]))
    bulk.require_done(undo.undo(bob, [2, 3, 8]))


def _merge_split_link(work: Work) -> None:
    work.run("ticket", "split", "2", "-s", "another part")
    work.run("ticket", "merge", "9", "--into", "2")
    work.run("ticket", "link", "2", "3", "--to", "7")
    work.run("ticket", "link", "2", "--to", "7", "--remove")
    work.run("ticket", "link", "8", "--to", "7", "--kind", "parent", "--remove")
    work.run("ticket", "resolve", "1", "--text", "with its duplicate")


def _all_or_nothing(work: Work) -> None:
    tickets = [str(number) for number in (2, filled.CLOSED, 3)]
    assert work.shell.run("ticket", "pend", *tickets, "--on", "vendor").returncode == 1
    work.shell.run("ticket", "pend", *tickets, "--on", "vendor", "--rest")
    assert work.shell.run("ticket", "note", "2", "--text", " ").returncode != 0
    assert work.shell.run("ticket", "note", "2", "--text", "x", "--version", "1").returncode != 0


def _zones(work: Work) -> None:
    for zone in ("Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"):
        work.shell.env["TZ"] = zone
        work.run("ticket", "new", "-s", f"from {zone}")
        work.run("ticket", "follow-up", "2", "--at", "2h")
    policy = work.folder / "policy.toml"
    policy.write_text(work.run("policy", "show").replace('"UTC"', '"Asia/Tokyo"', 1))
    work.run("policy", "apply", str(policy))


def _policies(work: Work) -> None:
    policy = work.folder / "policy.toml"
    text = work.run("policy", "show")
    policy.write_text(
        text.replace('first_response = "1h"', 'first_response = "9h"')
        .replace('"cid"]', '"cid", "bob"]')
        .replace('resolution = "24h"', 'resolution = "30h"')
        .replace('"12-24"', '"12-27"')
    )
    work.run("policy", "preview", str(policy))
    work.run("policy", "apply", str(policy))
    policy.write_text(text)
    work.run("policy", "apply", str(policy))


def _time_passes(work: Work) -> None:
    desk = work.desk()
    for number in range(3):
        log_query.log_query(desk, NewQuery(f"soon late {number}", requester="a@contoso.example"))
    do(desk, filled.NEW, FollowUp("1h"))
    do(desk, filled.OPEN, Pend(Waiting.DATE, "2d"))
    do(desk, filled.REOPENED, Resolve("done"))
    for _ in range(6):
        work.clock.advance(days=4)
        while scheduler.catch_up(desk):
            pass


def _auto_close(work: Work) -> None:
    policy = work.folder / "policy.toml"
    policy.write_text(work.run("policy", "show").replace('"9999d"', '"1d"'))
    work.run("policy", "apply", str(policy))
    work.run("ticket", "list")  # closes what has been resolved for a day


def _people(work: Work) -> None:
    key = work.folder / "key.pub"
    key.write_text(public_key("new@laptop"))
    work.run("agent", "add", "hal", "--level", "L1,L3", "--name", "Hal Ö")
    work.run("agent", "set", "hal", "--level", "L2", "--role", "lead")
    work.run("agent", "key", "add", "hal", str(key))
    work.run("agent", "disable", "bob")
    work.run("agent", "enable", "gus")
    fingerprint = work.shell.json("agent", "key", "list", "hal")[0]["fingerprint"]
    work.run("agent", "key", "remove", "hal", fingerprint)
    work.run("agent", "enable", "bob")


def _saved(work: Work) -> None:
    macros = '[macros.up]\nsteps = ["note", "tag +up"]\ntext = "{ticket}"\n'
    work.run("macro", "apply", "-", stdin=macros)
    work.run("macro", "run", "up", "2", "3")
    work.run("macro", "apply", "-", stdin=macros.replace("+up", "+down"))
    work.run("macro", "delete", "up")
    work.run("view", "save", "late", "due<4h", "--columns", "id,subject")
    work.run("view", "save", "late", "due<8h")
    work.run("view", "delete", "late")


def _time_spent(work: Work) -> None:
    work.run("ticket", "time", "2", "1h 10m", "--note", "phone")
    work.run("ticket", "time", "2", "--correct", "4")
    work.run("ticket", "time", "3", "--start")
    work.run("ticket", "time", "3", "--stop")
    work.run("ticket", "time", "8", "--start")
    work.run("ticket", "time", "8", "--drop")


def _every_day(work: Work) -> None:
    work.run("ticket", "next")
    work.run("ticket", "return", "15", "--to", "team", "--note", "known")
    work.run("ticket", "tick", "2", "--sop", "procedures/close-ticket.md", "--step", "1")
    work.run("ticket", "tick", "2", "--sop", "procedures/close-ticket.md", "--step", "1", "--undo")
    work.run("ticket", "set", "2", "--requester", "New Person <n@new.example>", "--service", "vpn")
    work.run("ticket", "watch", "3")
    work.run("ticket", "unwatch", "3")
    work.run("inbox", "--mark-read")
    work.run("ticket", "release", "2")
    work.run("ticket", "assign", "2", "--to", "bob")
    work.run("ticket", "set", "4", "--csat", "1")
    work.run("ticket", "reopen", "5")
    inbox.mark_all_read(work.desk("bob"))


def _drafts(work: Work) -> None:
    Drafts(work.folder / "drafts", "ann").keep("reply HD-2", {"text": "half a sentence"})
    work.run("kb", "new", "vpn/new-draft.md", "--from", "2")
    (work.shell.kb / "vpn" / "new-draft.md").unlink()


def _settings(work: Work) -> None:
    for ring in (True, False, True):
        preferences.change_preferences(work.desk("bob"), ring=ring, timing=not ring)
    work.run("db", "backup", str(work.folder / "backups"), "--keep", "1")
    work.run("db", "backup", str(work.folder / "backups"), "--keep", "1")


def _refusals(work: Work) -> None:
    for login, *verb in (
        ("eve", "ticket", "note", "2", "--text", "x"),
        ("bob", "ticket", "note", str(filled.SECRET), "--text", "x"),
        ("bob", "policy", "apply", "-"),
        ("bob", "agent", "disable", "ann"),
    ):
        assert work.shell.run("--as", login, *verb).returncode != 0


def _searches(work: Work) -> None:
    desk = work.desk()
    for number in range(2 * search_log.LOOK_AFTER_EVERY):
        search_log.record(desk, "form", f"call a@b.example +49 30 1234567 {number} printer",
                          ("HD-1",), SearchOutcome.NONE)  # fmt: skip
        work.clock.advance(days=2)


def _odd_texts(work: Work) -> None:
    desk = work.desk()
    for text in _ODD_TEXTS:
        number = log_query.log_query(
            desk, NewQuery(text[:200], text, f"Ö {len(text)} <o{len(text)}@odd.example>")
        ).number
        do(desk, number, Reply(text), Note(text))
        do(desk, number, Resolve(text))


def _clocks_differ(work: Work) -> None:
    """Hosts whose clocks differ by up to an hour, and one whose clock ran ahead by years."""
    behind, ahead, late, in_years = (MovingClock(work.clock()) for _ in range(4))
    behind.advance(seconds=-20)
    ahead.advance(seconds=20)
    late.advance(minutes=-50)
    in_years.advance(days=4000)
    for clock in (ahead, behind, ahead, late, behind, work.clock, in_years):
        log_query.log_query(work.desk("ann", clock), NewQuery("when is it?"))
    with pytest.raises(UnavailableError, match="changes are refused until it is right"):
        log_query.log_query(work.desk("ann", work.clock), NewQuery("refused"))
    doctor.confirm_clock(work.desk("ann", work.clock))
    for clock in (work.clock, behind):
        log_query.log_query(work.desk("ann", clock), NewQuery("when is it?"))


def _upgrade_under_an_open_app(work: Work) -> None:
    desk = work.desk()
    do(desk, filled.OPEN, Note("before"))
    work.run("db", "upgrade", "--no-backup")
    do(desk, filled.OPEN, Note("after"))


def _maintenance(work: Work) -> None:
    with work.attacked.attacker(guards=True) as administrator:
        administrator.run("VACUUM")
        administrator.run("ANALYZE")
        administrator.run("REINDEX" if administrator.is_sqlite else "REINDEX SCHEMA public")


def _log_forever(url: str, kb: Path, acknowledge: int) -> None:
    desk = open_desk(Settings(url, kb, "bob"))
    while True:
        number = log_query.log_query(desk, NewQuery("written until killed")).number
        do(desk, number, Note("still here"), Claim())
        os.write(acknowledge, b".")


def _log_some(url: str, kb: Path, login: str) -> None:
    desk = open_desk(Settings(url, kb, login))
    for count in range(8):
        number = log_query.log_query(desk, NewQuery(f"{login} {count}")).number
        do(desk, number, Note("x"))
        try:
            do(desk, filled.OPEN, Reply(f"{login} {count}"))
        except DeskError:
            continue  # somebody else was faster
    desk.close()


def _kills(work: Work) -> None:
    for count in range(20):
        readable, writable = os.pipe()
        process = _FORK.Process(target=_log_forever, args=(work.url, work.shell.kb, writable))
        process.start()
        os.read(readable, 1)
        if count % 2:
            os.read(readable, 1)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        os.close(readable)
        os.close(writable)


def _at_once(work: Work) -> None:
    processes = [
        _FORK.Process(target=_log_some, args=(work.url, work.shell.kb, login))
        for login in ("ann", "bob", "dan")
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0


KINDS: dict[str, Callable[[Work], None]] = {
    "imports with every mapping, and of 300 tickets": _imports,
    "undo": _undo,
    "merges, splits and links": _merge_split_link,
    "refused and partly refused changes of many tickets": _all_or_nothing,
    "changed time zones, of the host and of the policy": _zones,
    "policies that move clocks, holidays and confidants": _policies,
    "alarms, breaches, follow-ups and ended waits": _time_passes,
    "automatic closing": _auto_close,
    "agents, levels, roles and keys": _people,
    "macros and views": _saved,
    "time spent": _time_spent,
    "all other verbs": _every_day,
    "drafts": _drafts,
    "preferences and backups": _settings,
    "refused attempts": _refusals,
    "a search log that is pruned, without personal data": _searches,
    "odd texts": _odd_texts,
    "clocks that differ, and one that ran ahead": _clocks_differ,
    "an upgrade under an open app": _upgrade_under_an_open_app,
    "the administrator's maintenance of the database": _maintenance,
    "twenty killed processes": _kills,
    "several processes at once": _at_once,
}


def _require_whole(shell: Shell) -> None:
    done = shell.run("db", "check")
    assert (done.returncode, done.stderr) == (0, b""), (done.stdout + done.stderr).decode()
    audit = shell.run("report", "audit", "--limit", "3")
    assert audit.returncode == 0


@pytest.fixture
def work(attacked: AttackedDesk, tmp_path: Path) -> Iterator[Work]:
    """A copy of the well-filled desk, on each engine."""
    made = Work(attacked, tmp_path)
    yield made
    made.close()


#: What the whole suite does on each engine; ``-m long`` does the rest.
_DAILY = {
    "sqlite": KINDS.keys() - {"twenty killed processes"},
    "postgresql": {"undo", "clocks that differ, and one that ran ahead"},
}


def _kinds() -> Iterator[object]:
    for engine, daily in _DAILY.items():
        for kind in KINDS:
            marks = () if kind in daily else pytest.mark.long
            yield pytest.param(engine, kind, id=f"{engine}-{kind}", marks=marks)


@pytest.mark.parametrize(("attacked", "kind"), list(_kinds()), indirect=["attacked"])
def test_honest_work_raises_no_alarm(work: Work, kind: str) -> None:
    KINDS[kind](work)
    work.close()
    _require_whole(work.shell)


@pytest.mark.long
def test_a_backup_is_restored_whole(work: Work, tmp_path: Path) -> None:
    file = str(tmp_path / "backup")
    work.run("db", "backup", file)
    work.run("ticket", "new", "-s", "after the backup")
    work.run("db", "restore", file, "--replace")
    _require_whole(work.shell)
    work.run("ticket", "new", "-s", "after the restore")
    _require_whole(work.shell)


def test_a_desk_is_copied_to_a_server_and_back_whole(
    filled_sqlite: Shell, postgres_server: Server, owner_shell: Shell
) -> None:
    filled_url = filled_sqlite.env["HELPDESK_DATABASE_URL"]
    on_server = postgres_server.make("copied-there")
    back = f"sqlite:///{owner_shell.folder / 'back.db'}"
    for source, target in ((filled_url, on_server), (on_server, back)):
        owner_shell.env["HELPDESK_DATABASE_URL"] = source
        assert owner_shell.run("db", "copy", "--to", target).returncode == 0
        owner_shell.env["HELPDESK_DATABASE_URL"] = target
        _require_whole(owner_shell)
        assert owner_shell.run("ticket", "note", "2", "--text", "goes on").returncode == 0
        _require_whole(owner_shell)


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_demo_is_whole(engine: str, empty_url: str, owner_shell: Shell) -> None:
    made = owner_shell.run("--db", empty_url, "demo", "--make-only", "--tickets", "300")
    assert made.returncode == 0, made.stderr.decode()
    owner_shell.env["HELPDESK_DATABASE_URL"] = empty_url
    _require_whole(owner_shell)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("make", [old_desk.make, old_desk.make_0011, old_desk.make_0012])
def test_an_old_desk_is_whole_after_its_upgrade(
    engine: str, make: Callable[[str], None], empty_url: str, owner_shell: Shell
) -> None:
    make(empty_url)
    owner_shell.env["HELPDESK_DATABASE_URL"] = empty_url
    upgraded = owner_shell.run("db", "upgrade", "--no-backup")
    assert upgraded.returncode == 0, upgraded.stderr.decode()
    _require_whole(owner_shell)
    assert owner_shell.run("ticket", "note", "1", "--text", "goes on").returncode == 0
    _require_whole(owner_shell)
    if make is not old_desk.make_0012:
        assert b"not proven" in owner_shell.run("db", "check").stdout


@pytest.mark.long
def test_actions_on_a_thousand_tickets_raise_no_alarm(work: Work) -> None:
    file = work.folder / "many.csv"
    rows = freshdesk_export(700).splitlines()
    file.write_text("\n".join([rows[0], *(f"A{row}" for row in rows[1:])]))
    work.run("import", str(file), "--map", "freshdesk")
    first, last = filled.IMPORTED, filled.IMPORTED + filled.IMPORTS + 700
    desk = work.desk("ann", utc_now)
    for start in (first, first + 500):
        numbers = range(start, min(start + 500, last))
        bulk.require_done(bulk.apply(desk, numbers, [Note("to all")]))
    bulk.apply(desk, range(first, first + 500), [Close()], rest=True)
    work.close()
    _require_whole(work.shell)
