"""Standard output that cannot be written: one sentence, exit code 1, and what was done is said."""

import argparse
import base64
import hashlib
import io
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from helpdesk.cli.arguments import Commands, Parser
from helpdesk.cli.parser import build_parser
from helpdesk.desk.policy.files import starter_text
from tests.cli.shell import Shell
from tests.exchange.samples import FRESHDESK

_FULL = Path("/dev/full")
_LOST = "cannot be written to standard output (No space left on device)"
_BLOB = (
    Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
)
_INPUT = {
    "KEY": _BLOB.decode(),
    "POLICY": starter_text(),
    "CSV": FRESHDESK,
    "MACRO": '[macros.take]\nsteps = ["claim"]\n',
}
_FINGERPRINT = "SHA256:" + (
    base64.b64encode(hashlib.sha256(base64.b64decode(_BLOB.split()[1])).digest())
    .decode()
    .rstrip("=")
)

#: Each command, in an order in which it can be carried out; what stands behind "<" is sent on
#: standard input.  A "!" marks what changes the desk or a file.
_COMMANDS = """
! agent add bob --level L1
! ticket new -s printer --impact high
! ticket new -s second
! ticket new -s third
! ticket new -s fourth
! ticket next
! ticket claim 2
! ticket release 2
! ticket assign 2 --to LOGIN
! ticket reply 2 --by phone --text hello
! ticket note 2 --text @bob
! ticket receive 2 --text hello
! ticket watch 2
! ticket unwatch 2
! ticket follow-up 2 --at 2h
! ticket set 2 --impact low
! ticket undo 2
! ticket time 2 5m
! ticket escalate 2 --to L2 --reason skill --note please
! ticket return 2 --to L1 --reason done --note back
! ticket pend 2 --on vendor
! ticket resume 2
! ticket split 2 -s other
! ticket link 2 --to 3
! ticket merge 4 --into 3
! ticket tick 2 --step 1 --sop procedures/health-check.md
! ticket resolve 2 --text done
! ticket close 2
! ticket reopen 2
  ticket list
  ticket show 1
  ticket time 2
  ticket steps 2
! view save mine state:open
  view list
  view show mine
! view delete mine
  macro check - < MACRO
! macro apply - < MACRO
  macro list
  macro show take
! macro run take 3
! macro delete take
! people add Ada
! people add Eve --customer Contoso
! people set P-1 --room 1
! people join P-2 --into P-1
! people separate P-2
  people find Ada
  people list
  people show P-1
! people erase P-1 --yes
! customer set Contoso --note words
  customer list
  inbox --all --as bob
  levels
  search printer
  kb list
  kb show vpn/reset-token.md
! kb new new/article.md --title New
! kb reviewed vpn/reset-token.md
! kb submit new/article.md
! kb publish new/article.md
  kb check
  kb stats
  sla explain 1
  sla simulate - < {"cases": []}
  policy check - < POLICY
  policy preview - < POLICY
! policy apply - < POLICY
  policy show
  report kpi
  report time
  report audit
  export tickets
  export tickets --format csv
  export events
! import - --map freshdesk < CSV
  agent list
! agent set bob --level L2
! agent disable bob
! agent enable bob
  agent connections --json
! agent key add bob - < KEY
  agent key list
  agent key authorized
! agent key write
! agent key remove bob FINGERPRINT
  db status
! db upgrade --db sqlite:///upgraded.db
! db forget desk.db
! db backup backup.db
! db restore --db sqlite:///restored.db backup.db
! db copy --to sqlite:///copy.db
  db check
! demo --db sqlite:///demo.db --tickets 1 --make-only
  doctor
  manual
"""


def _lines() -> Iterator[tuple[bool, list[str], str]]:
    """Yield whether a command changes something, its words, and its standard input."""
    for line in _COMMANDS.strip("\n").splitlines():
        words, _, sent = line[2:].partition(" < ")
        yield line[0] == "!", shlex.split(words), _INPUT.get(sent, sent)


def _leaves(parser: Parser) -> Iterator[str]:
    if parser.fill is not None:
        parser.fill(Commands(parser))
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not groups:
        yield parser.prog.removeprefix("helpdesk ")
    for group in groups:
        for command in group.choices.values():
            yield from _leaves(command)


def _begins_with(words: list[str], command: str) -> bool:
    return words[: len(command.split())] == command.split()


def test_every_command_of_the_parser_is_tried() -> None:
    tried = [words for _, words, _ in _lines()]
    # The door runs another command, in whose name the sentence is written.
    leaves = _leaves(build_parser())
    left = [one for one in leaves if not any(_begins_with(words, one) for words in tried)]
    assert left == ["door"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("buffered", [True, False], ids=["buffered", "unbuffered"])
def test_a_command_whose_answer_is_lost_says_so_and_what_it_has_done(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, buffered: bool, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(shell.folder)
    leaves = list(_leaves(build_parser()))
    for changes, words, sent in _lines():
        names = {"LOGIN": shell.login, "FINGERPRINT": _FINGERPRINT}
        words = [names.get(word, word) for word in words]
        with _FULL.open("wb", buffering=-1 if buffered else 0) as full:
            out = io.TextIOWrapper(full, encoding="utf-8", write_through=not buffered)
            done = shell.run(*words, *options, stdin=sent, stdout=out)
        said = done.stderr.decode().splitlines()
        assert done.returncode == 1, (words, said)
        assert said, words
        assert _LOST in said[-1], (words, said)
        named = f"'helpdesk {next(one for one in leaves if _begins_with(words, one))}'"
        assert (f"{named} was carried out" in said[-1]) is changes, (words, said)
        assert not any("went wrong" in line or "Traceback" in line for line in said), (words, said)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_real_process_ends_with_a_sentence_as_well(shell: Shell, unbuffered: str) -> None:
    full = f"export PYTHONUNBUFFERED={unbuffered};"
    for words in ("--help", "--version", "ticket --help", "ticket new --help", "levels"):
        done = shell.bash(f"{full} $H {words} >/dev/full")
        assert done.returncode == 1, words
        assert done.stderr.decode() == f"helpdesk: the output {_LOST}.\n"
    done = shell.bash(f"{full} $H ticket new -s x --json >/dev/full")
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"helpdesk: 'helpdesk ticket new' was carried out (HD-1 logged), but its answer {_LOST}: "
        "do not run it again.\n"
    )
    assert json.loads(shell.bash("$H ticket list --json").stdout)[0]["id"] == "HD-1"


def test_a_refusal_keeps_its_sentence_and_its_code(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "x")
    done = shell.bash("$H ticket claim 1 9 --rest >/dev/full")
    assert done.returncode == 1
    assert b"HD-9" in done.stderr
    assert b"'helpdesk ticket claim' was carried out (HD-1 claimed)" in done.stderr
    assert shell.bash("$H ticket note 1 --text x --version 9 >/dev/full").returncode == 3
    assert shell.bash("$H ticket lose >/dev/full").returncode == 2


def test_a_closed_standard_output_is_lost_output_too(shell: Shell) -> None:
    done = shell.bash("$H ticket new -s x >&-")
    assert done.returncode == 1
    assert b"'helpdesk ticket new' was carried out (HD-1 logged), but its answer" in done.stderr
    assert b"(it is closed)" in done.stderr
    assert shell.bash("$H ticket list --json >&-").returncode == 1
    # What prints nothing loses nothing.
    assert shell.bash("$H export tickets -o out.csv --format csv >&-").returncode == 0


def test_a_standard_error_that_is_full_or_closed_changes_no_exit_code(shell: Shell) -> None:
    for lost in ("2>/dev/full", "2>&-"):
        assert shell.bash(f"$H ticket show 9 {lost}").returncode == 1
        assert shell.bash(f"$H ticket lose {lost}").returncode == 2
        assert shell.bash(f"$H levels {lost}").returncode == 0
        assert shell.bash(f"$H levels >/dev/full {lost}").returncode == 1
        assert shell.bash(f"$H levels >&- {lost}").returncode == 1


def test_an_import_is_completed_although_its_refusals_cannot_be_printed(shell: Shell) -> None:
    heads, good, other = FRESHDESK.splitlines()
    file = shell.folder / "in.csv"
    file.write_text("\n".join([heads, other.replace("Open", "Asleep"), good]))
    for lost in (">/dev/full", "| true"):
        done = shell.bash(f"PYTHONUNBUFFERED=1 $H import in.csv --map freshdesk {lost}")
        assert b"Traceback" not in done.stderr
        assert len(shell.json("export", "tickets")) == 1


def test_an_export_names_no_file_if_there_is_none(shell: Shell) -> None:
    for number in range(30):
        shell.run("ticket", "new", "-s", f"{number} " + "x" * 400)
    for form in ("csv", "json", "jsonl"):
        done = shell.bash(f"$H export tickets --format {form} >/dev/full")
        assert (done.returncode, done.stderr.decode()) == (1, f"helpdesk: the output {_LOST}.\n")
