"""``helpdesk manual``: read and search the manual."""

import argparse
import dataclasses
import os
import shlex
import shutil
import signal
import subprocess
import sys
from typing import Any

from helpdesk.cli.output import print_json, print_table, print_text
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import inert, one_line
from helpdesk.manual.layout import LineKind, lay_out
from helpdesk.manual.pages import Hit, find, read_page, read_pages

_PAGER = "less"
#: Options of ``less`` for users who set none: exit at once if the page fits on the screen, and do
#: not clear it.
_LESS = "FX"
#: The maximum width of a line, in cells; longer lines are hard to read.
_MAX_WIDTH = 100


def run(arguments: argparse.Namespace) -> None:
    """List the pages, show one, or list the sections that match a search."""
    as_json = bool(getattr(arguments, "json", False))
    if arguments.search is not None:
        _search(arguments, as_json=as_json)
    elif arguments.page is None:
        _list(as_json=as_json)
    else:
        page = read_page(arguments.page)
        if as_json:
            print_json(dataclasses.asdict(page))
        else:
            _show(page.text, over_ssh=_is_over_ssh(arguments))


def _list(*, as_json: bool) -> None:
    pages = read_pages()
    if as_json:
        print_json([_listed(page.name, page.title, page.summary) for page in pages])
        return
    print_table(("PAGE", "WHAT IT IS ABOUT"), ((page.name, page.summary) for page in pages), 100)


def _listed(name: str, title: str, summary: str) -> dict[str, str]:
    return {"name": name, "title": title, "summary": summary}


def _search(arguments: argparse.Namespace, *, as_json: bool) -> None:
    if not arguments.search.strip():
        raise RefusedError("there is nothing to search for: name a word after --search.")
    pages = read_pages() if arguments.page is None else (read_page(arguments.page),)
    hits = find(arguments.search, pages)
    if as_json:
        print_json([dataclasses.asdict(hit) for hit in hits])
    else:
        print_text("\n".join(map(_text, hits)) or "nothing found.")


def _text(hit: Hit) -> str:
    return f"{hit.page}: {hit.heading}\n    {one_line(hit.line)[:100]}"


def _is_over_ssh(arguments: argparse.Namespace) -> bool:
    origin: Any = getattr(arguments, "origin", None)
    return origin is not None


def _show(page: str, *, over_ssh: bool) -> None:
    """Print a page: as Markdown, or on a terminal laid out and in the user's pager.

    The pager is a program of the host, so it is not started over SSH.
    """
    if not sys.stdout.isatty():
        print(inert(page).rstrip("\n"))
        return
    width = min(shutil.get_terminal_size().columns, _MAX_WIDTH)
    marks = {LineKind.TITLE: "# ", LineKind.HEADING: "## "}
    lines = lay_out(page, width - len("## "))
    text = inert("\n".join(f"{marks.get(line.kind, '')}{line.text}" for line in lines))
    if over_ssh:
        print(text)
    else:
        _page(f"{text}\n")


def _page(text: str) -> None:
    # Ctrl+C is for the pager: if it ended this program, the pager would be killed as well and could
    # not reset the terminal.
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        command = shlex.split(os.environ.get("PAGER", "")) or [_PAGER]
        subprocess.run(  # noqa: S603  (the user's own choice, run under their own account)
            command,
            input=text.encode("utf-8", "replace"),
            env={"LESS": _LESS, **os.environ},
            check=False,
        )
    except (OSError, ValueError):  # no such program, or $PAGER has an unclosed quote
        print(text, end="")
    finally:
        signal.signal(signal.SIGINT, previous)
