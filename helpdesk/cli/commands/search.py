"""``helpdesk search``: find articles and past tickets."""

import argparse
import json
import sys

from helpdesk.cli.files import opened_lines, text_of
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import print_json, print_text
from helpdesk.cli.progress import Progress
from helpdesk.desk.search.lookup import with_numbers
from helpdesk.desk.search.suggest import run_batch, suggest
from helpdesk.desk.search.views import SearchMode, Suggestion, Suggestions
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line


def search(arguments: argparse.Namespace) -> None:
    """Print the hits for a text, or for each line of a batch file."""
    if (arguments.text is None) == (arguments.batch is None):
        raise RefusedError("name either a text to search for or --batch FILE.jsonl.")
    if arguments.batch is not None:
        _batch(arguments)
        return
    with opened_desk(arguments) as desk, Progress(_("searching")):
        text, mode = text_of(arguments.text), SearchMode(arguments.drafts, arguments.as_typed)
        found = suggest(desk, text, arguments.scope, arguments.limit, typing=False, mode=mode)
        found = with_numbers(desk, text, arguments.limit, found, arguments.scope)
    if wants_json(arguments):
        print_json([_json(hit) for hit in found.hits])
    else:
        print_text(_text(found))


def _batch(arguments: argparse.Namespace) -> None:
    working = Progress(_("searching"), shown=not sys.stdout.isatty())
    with opened_lines(arguments.batch) as lines, opened_desk(arguments) as desk, working:
        results = run_batch(desk, lines, arguments.scope, arguments.limit)
        for done, result in enumerate(results, 1):
            print(json.dumps(result))
            working.note(_("{done:,} queries").format(done=done))


def _json(hit: Suggestion) -> dict[str, object]:
    return {
        "kind": hit.kind,
        "id": hit.id,
        "title": hit.title,
        "score": hit.score,
        "repeat": hit.repeat,
        "why": list(hit.why),
        "snippet": hit.snippet,
        "leads_to": hit.leads_to or None,
    }


def _text(found: Suggestions) -> str:
    lines = []
    if found.corrected:
        lines.append(f"searched for: {', '.join(found.corrected)}")
    for hit in found.hits:
        mark = "repeat" if hit.repeat else ""
        lines.append(f"{hit.score:.2f} {mark:6}  {hit.id}  {one_line(hit.title)}")
        note = f"  ({hit.note})" if hit.note else ""
        lines.append(f"             {one_line(hit.snippet)[:100]}{note}")
    return "\n".join(lines) or "nothing found."
