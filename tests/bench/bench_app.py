"""Start, key-to-paint, memory and output of the app.

Run with ``pytest tests/bench/bench_app.py -m bench -s``.  Times are ratios within one run, against
a bare Textual app or against importing the ORM.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
TICKETS = os.environ.get("HELPDESK_BENCH_TICKETS", "20000")
pytestmark = pytest.mark.bench

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("open, due first")
Bare().run()
"""


def desk_env(folder: Path, tickets: str = TICKETS) -> dict[str, str]:
    """Create a desk with demo data; return the environment variables that name it."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HELPDESK_DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
        "HELPDESK_KB": str(ROOT / "kb"),
    }
    command = [sys.executable, "-m", "helpdesk", "demo", "--tickets", tickets, "--make-only"]
    subprocess.run(
        [*command, "--db", env["HELPDESK_DATABASE_URL"]],
        env=env, cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return env


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A desk with many tickets, which is created once."""
    return desk_env(tmp_path_factory.mktemp("bench"))


def median_seconds(command: list[str], env: dict[str, str], times: int = 5) -> float:
    """Return the median time of a command, in seconds."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def test_a_shell_command_against_importing_the_orm(env: dict[str, str]) -> None:
    orm = median_seconds([sys.executable, "-c", "import sqlalchemy.orm"], env)
    listed = subprocess.run(
        [sys.executable, "-m", "helpdesk", "ticket", "list", "--limit", "1", "--json"],
        env=env, cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    number = json.loads(listed.stdout)[0]["id"]
    show = median_seconds([sys.executable, "-m", "helpdesk", "ticket", "show", number], env)
    print(f"\nticket show {show * 1000:.0f} ms = {show / orm:.2f} × import sqlalchemy.orm")


def seconds_until(terminal: Terminal, text: str) -> float:
    """Return how many seconds it takes until a text is on screen."""
    begun = time.perf_counter()
    while text not in terminal.text:
        terminal.read(0.005)
    return time.perf_counter() - begun


def test_start_to_the_first_painted_queue_against_a_bare_app(
    env: dict[str, str], tmp_path: Path
) -> None:
    bare = tmp_path / "bare.py"
    bare.write_text(_BARE)
    ours, theirs = [], []
    for _ in range(5):
        terminal = Terminal(env=env, columns=160, rows=50)
        ours.append(seconds_until(terminal, "HD-"))
        terminal.end()
        terminal = Terminal(str(bare), env=env, columns=160, rows=50, module=None)
        theirs.append(seconds_until(terminal, "open, due first"))
        terminal.end()
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"\nfirst queue {mine * 1000:.0f} ms = {mine / other:.2f} × bare Textual app")


def test_key_to_painted_answer(env: dict[str, str]) -> None:
    terminal = Terminal(env=env, columns=160, rows=50)
    terminal.wait_for("HD-")
    terminal.read(2)
    terminal.child.delaybeforesend = None
    taken = []
    for _ in range(40):
        before = len(terminal.raw)
        begun = time.perf_counter()
        terminal.type("j")
        while len(terminal.raw) == before:
            terminal.read(0.002)
        taken.append((time.perf_counter() - begun) * 1000)
        terminal.read(0.1)
    terminal.end()
    taken.sort()
    print(f"\nkey to paint p50 {taken[20]:.0f} ms, p95 {taken[38]:.0f} ms ({TICKETS} tickets)")


#: How many apps run at once: fewer than on a real desk, but they share memory in the same way.
APPS = int(os.environ.get("HELPDESK_BENCH_APPS", "6"))


def share_of_memory(terminal: Terminal) -> float:
    """Return an app's proportional set size (PSS), in megabytes."""
    rollup = Path(f"/proc/{terminal.child.pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


def test_memory_of_one_process_among_several(env: dict[str, str]) -> None:
    orm = "import sqlalchemy.orm, textual.app; print(open('/proc/self/smaps_rollup').read())"
    bare = subprocess.run([sys.executable, "-c", orm], env=env, capture_output=True, text=True)
    floor = int(re.findall(r"^Pss:\s+(\d+) kB", bare.stdout, re.MULTILINE)[0]) / 1024
    terminals = []
    for _ in range(APPS):
        terminals.append(Terminal(env=env))
        terminals[-1].wait_for("HD-")
    for terminal in terminals:
        terminal.read(5)
    idle = statistics.median(share_of_memory(terminal) for terminal in terminals)
    for terminal in terminals:
        terminal.type("nvpn drops evry ten minuts")
        terminal.wait_for("VPN disconnects")
    used = statistics.median(share_of_memory(terminal) for terminal in terminals)
    for terminal in terminals:
        terminal.end()
    print(f"\nof {APPS} apps each takes {idle:.0f} MB with a queue on screen, {used:.0f} MB after "
          f"a search = {used / floor:.2f} × a process with Textual and the ORM")  # fmt: skip


def set_target(env: dict[str, str], first_response: str) -> None:
    """Apply a policy with this first-response target for all tickets."""
    run = partial(subprocess.run, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    program = [sys.executable, "-m", "helpdesk", "policy"]
    text = run([*program, "show"]).stdout
    changed = re.sub(r'first_response = "[^"]*"', f'first_response = "{first_response}"', text)
    run([*program, "apply", "-"], input=changed)


@pytest.fixture
def ticking_env(tmp_path: Path) -> dict[str, str]:
    """A desk with 60 tickets that wait for a first response."""
    env = desk_env(tmp_path, tickets="1")
    new = [sys.executable, "-m", "helpdesk", "ticket", "new"]
    for number in range(60):
        subprocess.run(
            [*new, "-s", f"xyzzy {number}"], env=env, cwd=ROOT, check=True, capture_output=True
        )
    return env


def quiet_bytes(terminal: Terminal, seconds: int = 12) -> float:
    """Return how many bytes per second an idle app sends to the terminal."""
    terminal.wait_for("HD-")
    terminal.read(16)  # until the messages of the start have disappeared
    before = len(terminal.raw)
    terminal.read(seconds)
    return (len(terminal.raw) - before) / seconds


def repaint_bytes(terminal: Terminal) -> int:
    """Return how many bytes a repaint of the whole screen takes."""
    terminal.type("2")
    terminal.read(1)
    before = len(terminal.raw)
    terminal.type("1")
    terminal.read(1)
    return len(terminal.raw) - before


def test_bytes_on_the_line(ticking_env: dict[str, str]) -> None:
    for name, first_response in (("all under an hour", "50m"), ("hours away", "9h")):
        set_target(ticking_env, first_response)
        terminal = Terminal(env=ticking_env, columns=160, rows=54)
        quiet = quiet_bytes(terminal)
        lines = terminal.screen.display
        ticking = len([line for line in lines if re.search(r" 0:\d\d:\d\d", line[130:])])
        listed = len([line for line in lines if re.match(r" . HD-", line)])
        rows = repaint_bytes(terminal)
        terminal.end()
        print(f"\n{name}: {listed} tickets on screen, {ticking} of them to the second: "
              f"{quiet:.0f} bytes a second, 1/{rows / quiet:.0f} of a full repaint")  # fmt: skip
