"""Diagnose this installation: what is wrong, and the command that repairs it."""

import os
import platform
import pwd
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from helpdesk import __version__, locations
from helpdesk.desk import session
from helpdesk.desk.administration import schema_upgrade
from helpdesk.desk.opening import open_desk
from helpdesk.desk.policy import holiday_range
from helpdesk.desk.session import LAST_BACKUP, Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ssh import keys
from helpdesk.desk.ssh.fence import within_reach
from helpdesk.desk.ssh.host_file import host_rules
from helpdesk.domain import desk_zone
from helpdesk.domain.errors import DeskError, UnavailableError
from helpdesk.domain.i18n import _, n_
from helpdesk.domain.roles import Right
from helpdesk.knowledge import git
from helpdesk.ssh import authorized_keys, landlock, sshd
from helpdesk.ssh.drop_folder import require_own_folder
from helpdesk.store.database import write_ahead_log
from helpdesk.store.database.backend import database_name
from helpdesk.store.database.url import parse_url
from helpdesk.store.people import people
from helpdesk.store.ticket import tickets

_OLDEST_BACKUP = timedelta(days=2)
#: The holidays of the next year are planned with.
_HOLIDAYS_AHEAD = timedelta(days=365)
#: The size in bytes from which the write-ahead log is reported.
LONGEST_LOG = 64 * 1024 * 1024
_LEAST_FREE_BYTES = 500 * 1024 * 1024
_GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """The result of one check.

    :ivar check: the name of the check.
    :ivar found: the facts that were found, whether they are good or bad.
    :ivar wrong: a sentence that says what is wrong, or "".
    :ivar mend: the command that repairs it, or what to do; usually "" if nothing is wrong.
    """

    check: str
    found: str
    wrong: str = ""
    mend: str = ""


def examine(settings: Settings, sshd_config: Path | None = None) -> tuple[DoctorFinding, ...]:
    """Run every check; a check that cannot run is reported as a finding, too.

    :param sshd_config: the configuration file of sshd; by default the one of the host.
    :raises NotPermittedError: if the desk can be opened but the agent's role does not allow it.
    """
    found = [_versions(settings)]
    try:
        desk = open_desk(settings)
    except UnavailableError as error:
        found.append(DoctorFinding("desk", "cannot be opened", str(error), "helpdesk db status"))
        return (*found, *_host(settings))
    try:
        desk.require(Right.MANAGE_DATABASE)
        found += [
            _database(desk),
            *_log(desk),
            _clock(desk),
            _backups(desk),
            _knowledge(desk),
            *_holidays(desk),
            *_knowledge_git(desk),
            *_keys(desk),
            _fences(desk),
        ]
        if _has_keys(desk):
            found.append(_sshd(sshd_config))
    finally:
        desk.close()
    return (*found, *_host(settings))


def confirm_clock(desk: Desk) -> datetime:
    """Take the host's clock as right, although records lie in the future; return its time (UTC).

    :raises NotPermittedError: if the role does not allow it.
    """
    desk.require(Right.MANAGE_DATABASE)
    desk.database.confirm_clock()
    return desk.host_now()


def _versions(settings: Settings) -> DoctorFinding:
    found = f"helpdesk {__version__}, Python {platform.python_version()}"
    try:
        status = schema_upgrade.status(settings)
    except DeskError as error:
        return DoctorFinding("versions", found, str(error), "helpdesk db status")
    found = f"{found}, schema {status.schema or '-'}"
    if status.state == "outdated":
        wrong = f"the database has schema {status.schema}, the program {status.program_schema}."
        return DoctorFinding("versions", found, wrong, "helpdesk db upgrade")
    if status.state == "newer":
        wrong = "the database was made by a newer program."
        return DoctorFinding("versions", found, wrong, "upgrade the program")
    if status.renewal_due:
        wrong = _("the clocks of open tickets follow the rules of an older version.")
        return DoctorFinding("versions", found, wrong, "helpdesk db upgrade")
    return DoctorFinding("versions", found)


def _database(desk: Desk) -> DoctorFinding:
    if desk.read_only:
        mend = "df -h; mount; ls -l: make room, or let the account write"
        return DoctorFinding("database", desk.database.name, desk.read_only, mend)
    mend = "helpdesk db copy --to URL" if desk.database_hazard else ""
    return DoctorFinding("database", desk.database.name, desk.database_hazard, mend)


def _log(desk: Desk) -> Iterator[DoctorFinding]:
    """Check the size of SQLite's write-ahead log, and name the process that lets it grow."""
    file = desk.database.file
    if file is None:
        return
    size = write_ahead_log.size(file)
    found = f"{size // 1024:,} KiB beside {file.name}"
    if size <= LONGEST_LOG:
        yield DoctorFinding("log", found)
        return
    readers = write_ahead_log.lasting_readers(file)
    if not readers:
        wrong = f"the log of the database has grown to {size // 1024:,} KiB."
        yield DoctorFinding("log", found, wrong, "look again in a minute; it is emptied by itself")
        return
    names = ", ".join(map(str, readers))
    wrong = (
        f"the log of the database has grown to {size // 1024:,} KiB, because {names} does not "
        "stop reading."
    )
    yield DoctorFinding("log", found, wrong, f"end process {readers[0].process}")


def _clock(desk: Desk) -> DoctorFinding:
    now = desk.host_now()
    found = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    problem = desk.database.clock.problem()
    if problem:
        return DoctorFinding("clock", found, problem, "timedatectl set-ntp true")
    with desk.database.read(as_desk=True) as opened:
        last = tickets.newest_event_at(opened)
    if last is not None and last > now + timedelta(minutes=1):
        wrong = (
            f"an entry of a ticket lies in the future ({last:%Y-%m-%d %H:%M}): the host's clock is "
            "behind the newest entry, or it once ran ahead."
        )
        return DoctorFinding("clock", found, wrong, "timedatectl set-ntp true")
    return DoctorFinding("clock", found)


def _backups(desk: Desk) -> DoctorFinding:
    with desk.database.read() as opened:
        recorded = people.desk_setting(opened, LAST_BACKUP)
    mend = "helpdesk db backup /var/backups/helpdesk --keep 14"
    if not recorded:
        return DoctorFinding("backups", "none", _("no backup was ever taken."), mend)
    at, _blank, path = recorded.partition(" ")
    # A copied file may be dated later than the host knows.
    age = max(timedelta(), desk.now() - datetime.fromisoformat(at))
    found = f"{path}, {age.days} d old"
    if age > _OLDEST_BACKUP:
        return DoctorFinding(
            "backups", found, _("the newest backup is {days} days old.").format(days=age.days), mend
        )
    if not Path(path).exists():
        return DoctorFinding("backups", found, f"the newest backup, {path}, is gone.", mend)
    return DoctorFinding("backups", found)


def _knowledge(desk: Desk) -> DoctorFinding:
    folder = desk.knowledge_dir
    if desk.kb_problem:
        return DoctorFinding("knowledge base", str(folder), desk.kb_problem, f"mkdir -p {folder}")
    count = len(list(desk.library.folder.files()))
    found = n_("{folder}, {n} file", "{folder}, {n} files", count).format(folder=folder, n=count)
    if not os.access(folder, os.W_OK):
        wrong = "articles cannot be edited here: the folder is not yours to write to."
        return DoctorFinding("knowledge base", found, wrong, f"chown -R {_account()} {folder}")
    return DoctorFinding("knowledge base", found)


def _holidays(desk: Desk) -> Iterator[DoctorFinding]:
    """Check until when the public holidays of the policy's calendars are known."""
    known = holiday_range.known_until(desk)
    if not known:
        return
    until = min((day for day in known.values() if day is not None), default=None)
    names = ", ".join(known)
    if until is None or None in known.values():
        wrong = _("no public holidays are known for {names}.").format(names=names)
        yield DoctorFinding("holidays", names, wrong, "helpdesk policy check")
        return
    found = _("public holidays of {names} are known until {day}").format(names=names, day=until)
    wrong = ""
    if until - desk_zone.day_of(desk.now()) < _HOLIDAYS_AHEAD:
        wrong = _("the public holidays of {names} are known until {day} only.")
        wrong = wrong.format(names=names, day=until)
    mend = "helpdesk policy show > policy.toml; helpdesk policy apply policy.toml" if wrong else ""
    yield DoctorFinding("holidays", found, wrong, mend)


def _knowledge_git(desk: Desk) -> Iterator[DoctorFinding]:
    """Check whether the articles are exchanged with the repository that they come from."""
    state = None if desk.kb_problem else git.upstream_state(desk.knowledge_dir)
    if state is None:
        return
    name, place = "knowledge base git", f"git -C {desk.knowledge_dir}"
    found = _("commits: {ahead} not pushed, {behind} not pulled").format(
        ahead=state.ahead, behind=state.behind
    )
    if state.unfinished:
        wrong = "a merge or a rebase of the articles was begun and not ended."
        yield DoctorFinding(name, found, wrong, f"{place} status")
    elif state.ahead and state.behind:
        wrong = _(
            "there are commits of this host that are not pushed ({ahead}) and of others that are "
            "not pulled ({behind}): 'git pull --ff-only' does nothing any more."
        ).format(ahead=state.ahead, behind=state.behind)
        yield DoctorFinding(name, found, wrong, f"{place} pull --rebase && {place} push")
    elif state.ahead:
        wrong = n_(
            "{n} commit of articles is on this host only.",
            "{n} commits of articles are on this host only.",
            state.ahead,
        ).format(n=state.ahead)
        yield DoctorFinding(name, found, wrong, f"{place} push")
    elif state.behind:
        wrong = n_(
            "{n} commit of articles was fetched and not pulled.",
            "{n} commits of articles were fetched and not pulled.",
            state.behind,
        ).format(n=state.behind)
        yield DoctorFinding(name, found, wrong, f"{place} pull --rebase")
    else:
        yield DoctorFinding(name, found)


def _has_keys(desk: Desk) -> bool:
    return bool(keys.list_keys(desk))


def _keys(desk: Desk) -> Iterator[DoctorFinding]:
    count = len(keys.list_keys(desk))
    counted = n_("{n} key", "{n} keys", count).format(n=count)
    try:
        file = host_rules().authorized_keys
        expected = list(keys.lines(desk)) if count else []
        written = authorized_keys.block(file) if file else expected
        others = authorized_keys.others(file) if file and count else []
    except DeskError as error:
        yield DoctorFinding("keys", counted, str(error), "do what the message says")
        return
    if sorted(written) != sorted(expected):
        wrong = f"{file} does not hold the keys that the desk knows."
        yield DoctorFinding("keys", counted, wrong, "helpdesk agent key write")
    else:
        yield DoctorFinding("keys", counted)
    bare = [line for line in others if line.strip() and not line.startswith("#")]
    if bare and file is not None:
        wrong = n_(
            "{n} key in {file} opens the account itself, past the help desk.",
            "{n} keys in {file} open the account itself, past the help desk.",
            len(bare),
        ).format(n=len(bare), file=file)
        yield DoctorFinding("other keys", str(file), wrong, f"editor {file}")
    if file is not None and count:
        yield from _check_private("keys file", file, 0o600)
        yield from _check_private("keys folder", file.parent, 0o700)


def _fences(desk: Desk) -> DoctorFinding:
    """Say which fences stand around the processes of SSH clients."""
    version = landlock.abi()
    if not version:
        found = f"audit hook; no Landlock: {landlock.why_not()}"
        mend = "Linux 5.13 or newer has it; name landlock in lsm= on the kernel's command line"
        return DoctorFinding("fences", found, "", mend)
    found = f"audit hook, Landlock {version}"
    try:
        reached = ", ".join(map(str, within_reach(desk.settings, host_rules())))
    except UnavailableError:
        reached = ""  # reported as door.toml
    if reached:
        found = f"{found}, which leaves {reached} open: the database is in a folder above"
        return DoctorFinding("fences", found, "", "give the database a folder of its own")
    return DoctorFinding("fences", found)


def _sshd(config: Path | None) -> DoctorFinding:
    account = _account()
    configuration = sshd.effective_settings(account, config)
    if configuration is None:
        return DoctorFinding(
            "sshd", "not checked: only root may run sshd -T", "", "sudo sshd -T -C user=" + account
        )
    wrong = "; ".join(sshd.wrong_settings(configuration))
    found = f"for {account}"
    if not wrong:
        return DoctorFinding("sshd", found)
    mend = (
        "helpdesk doctor --sshd | sudo tee /etc/ssh/sshd_config.d/helpdesk.conf && "
        "sudo systemctl reload ssh"
    )
    return DoctorFinding("sshd", found, f"{wrong}.", mend)


def _host(settings: Settings) -> Iterator[DoctorFinding]:
    url = parse_url(settings.database_url)
    folders = [("state folder", locations.state_dir()), ("configuration", locations.config_dir())]
    if url.get_backend_name() == "sqlite":
        file = Path(database_name(url)).absolute()
        folders += [("database folder", file.parent)]
        # The mode of the file does not matter if only the account can enter its folder.
        if file.exists() and stat.S_IMODE(file.parent.stat().st_mode) & _GROUP_AND_OTHERS:
            yield from _check_private("database", file, 0o600)
        yield _disk(file.parent)
    try:
        drop_folder = host_rules().drop_folder
    except UnavailableError as error:
        yield DoctorFinding("door.toml", str(locations.config_dir()), str(error), "mend that line")
    else:
        if drop_folder is not None:
            yield _drop_folder(drop_folder)
    for name, folder in folders:
        if folder.exists():
            yield from _check_private(name, folder, 0o700)
    shell = pwd.getpwuid(os.getuid()).pw_shell if _account() else ""
    if shell.endswith(("nologin", "false")):
        wrong = f"the shell of {_account()} is {shell}: sshd cannot start the help desk with it."
        yield DoctorFinding("account", _account(), wrong, f"chsh -s /bin/sh {_account()}")


def _drop_folder(folder: Path) -> DoctorFinding:
    try:
        require_own_folder(folder)
    except UnavailableError as error:
        mend = f"mkdir -m 700 -p {folder}; namei -l {folder}; chmod go-w what others may write to"
        return DoctorFinding("drop folder", str(folder), str(error), mend)
    return DoctorFinding("drop folder", str(folder))


def _disk(folder: Path) -> DoctorFinding:
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return DoctorFinding(
            "disk", str(folder), f"{folder}: {error.strerror}.", f"mkdir -p {folder}"
        )
    free = f"{usage.free // 2**20:,} MB free"
    if usage.free < max(_LEAST_FREE_BYTES, usage.total // 50):
        return DoctorFinding("disk", free, f"{folder} has only {free}.", "df -h; free some space")
    return DoctorFinding("disk", free)


def _check_private(name: str, path: Path, mode: int) -> Iterator[DoctorFinding]:
    """Check that a path belongs to this account and is closed to others.

    :param name: the name of the check.
    :param mode: the file mode that the suggested command sets.
    """
    try:
        status = path.stat()
    except OSError as error:
        yield DoctorFinding(name, str(path), f"{path}: {error.strerror}.", f"ls -ld {path}")
        return
    bits = stat.S_IMODE(status.st_mode)
    found = f"{path} {bits:04o}"
    if status.st_uid != os.getuid():
        wrong = f"{path} belongs to another account."
        yield DoctorFinding(name, found, wrong, f"chown {_account()} {path}")
    elif bits & _GROUP_AND_OTHERS:
        wrong = f"others on this host can get at {path}: it should be the account's alone."
        yield DoctorFinding(name, found, wrong, f"chmod {mode:o} {path}")
    else:
        yield DoctorFinding(name, found)


def _account() -> str:
    return session.system_login()
