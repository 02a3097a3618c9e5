"""``helpdesk kb …``: the knowledge base."""

import argparse
import dataclasses
import sys

from helpdesk.cli.desk_door import open_door, wants_json
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.output import print_json, print_table, print_text
from helpdesk.desk import articles, authoring, editing
from helpdesk.desk.views import ArticleRow
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref


def list_articles(arguments: argparse.Namespace) -> None:
    """List the articles."""
    with open_door(arguments) as desk:
        found = articles.rows(desk)
    if wants_json(arguments):
        print_json([_row(row) for row in found])
        return
    print_table(
        ("PATH", "KIND", "STATUS", "REVIEWED", "USED", "TITLE"),
        (
            (row.path, row.kind, row.status, row.reviewed, str(row.times_used), row.title)
            for row in found
        ),
    )


def show(arguments: argparse.Namespace) -> None:
    """Show an article."""
    with open_door(arguments) as desk:
        article = articles.show(desk, arguments.path)
    if wants_json(arguments):
        print_json({"id": article.path, **dataclasses.asdict(article)})
    else:
        print_text(article.body)


def new(arguments: argparse.Namespace) -> None:
    """Begin an article from the template."""
    with open_door(arguments) as desk:
        asked = (arguments.path, arguments.title, arguments.template)
        if arguments.ticket is None:
            source = editing.begin_new(desk, *asked)
        else:
            source = authoring.begin_from(desk, parse_ref(arguments.ticket), *asked)
        saved = editing.save(desk, source)
        file = desk.library.folder.root / arguments.path
    if wants_json(arguments):
        print_json({"id": arguments.path, "file": str(file), "commit": saved.revision or None})
    else:
        print_text(f"{arguments.path} begun as a draft: {file}")
        if saved.revision:
            print_text(f"committed as {saved.revision}")
    if saved.git_problem:
        warning = f"helpdesk: saved, but not committed to git: {one_line(saved.git_problem)}."
        print(warning, file=sys.stderr)


def check(arguments: argparse.Namespace) -> int:
    """Name every mistake; refused (1) if there is an error among them."""
    with open_door(arguments) as desk:
        findings = articles.check(desk)
    errors = sum(finding.severity == "error" for finding in findings)
    if wants_json(arguments):
        print_json(
            [
                {
                    "file": finding.path,
                    "line": finding.line,
                    "level": finding.severity,
                    "message": finding.message,
                }
                for finding in findings
            ]
        )
    else:
        for finding in findings:
            print_text(f"{finding.path}:{finding.line}: {finding.severity}: {finding.message}.")
        print_text(f"{errors} errors, {len(findings) - errors} warnings.")
    return ExitCode.REFUSED if errors else ExitCode.DONE


def stats(arguments: argparse.Namespace) -> None:
    """Tell what is used and what is not."""
    with open_door(arguments) as desk:
        found = articles.stats(desk)
    if wants_json(arguments):
        document = dataclasses.asdict(found)
        document["most_used"] = [_row(row) for row in found.most_used]
        print_json(document)
        return
    print_text(
        f"{found.articles} articles ({found.drafts} drafts, {found.broken} broken files)\n"
        f"{found.with_article} of {found.resolved} resolved tickets were answered by an article\n"
    )
    print_table(
        ("USED", "PATH", "TITLE"),
        ((str(row.times_used), row.path, row.title) for row in found.most_used),
    )
    if found.never_used:
        print_text("\nnever used:\n" + "\n".join(f"  {path}" for path in found.never_used))


def _row(row: ArticleRow) -> dict[str, object]:
    return {"id": row.path, **dataclasses.asdict(row)}
