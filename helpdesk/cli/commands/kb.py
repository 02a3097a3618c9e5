"""``helpdesk kb …``: the knowledge base."""

import argparse
import dataclasses
import sys
from collections.abc import Callable, Sequence

from helpdesk.cli.changes import changes
from helpdesk.cli.exit_codes import ExitCode
from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import iso, local, print_json, print_table, print_text
from helpdesk.cli.progress import Progress
from helpdesk.desk.knowledge import articles, editing, review
from helpdesk.desk.knowledge.editing import SavedArticle
from helpdesk.desk.knowledge.gaps import Gaps, gaps
from helpdesk.desk.knowledge.views import ArticleRow
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import write_article
from helpdesk.domain.i18n import _, n_
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref


def list_articles(arguments: argparse.Namespace) -> None:
    """List the articles."""
    with opened_desk(arguments) as desk:
        found = articles.rows(
            desk,
            with_history=desk.settings.origin is None,  # over SSH this command starts no program
            overdue=arguments.overdue,
            owner=arguments.owner,
            service=arguments.service,
        )
    if wants_json(arguments):
        print_json([_row(row) for row in found])
        return
    print_table(
        ("PATH", "KIND", "STATUS", "REVIEWED", "OWNER", "CHANGED", "BY", "USED", "TITLE"),
        (
            (
                row.path,
                row.kind,
                row.status,
                f"{row.reviewed}{' ◆' if row.stale else ''}",
                row.owner or "-",
                local(row.changed_at)[:10],
                row.changed_by or "-",
                str(row.times_used),
                row.title,
            )
            for row in found
        ),
    )


def show(arguments: argparse.Namespace) -> None:
    """Show an article."""
    with opened_desk(arguments) as desk:
        article = articles.show(desk, arguments.path)
    if wants_json(arguments):
        print_json({"id": article.path, **dataclasses.asdict(article)})
    else:
        print_text(article.body)


def new(arguments: argparse.Namespace) -> None:
    """Start an article from a template."""
    with opened_desk(arguments) as desk:
        named = (arguments.path, arguments.title, arguments.template)
        if arguments.ticket is None:
            source = editing.begin_new(desk, *named)
        else:
            source = write_article.begin_from(desk, parse_ref(arguments.ticket), *named)
        saved = editing.save(desk, source)
        file = desk.library.folder.root / arguments.path
    changes.add(f"{file} written")
    if wants_json(arguments):
        print_json({"id": arguments.path, "file": str(file), "commit": saved.revision or None})
    else:
        print_text(f"{arguments.path} begun as a draft: {file}")
        if saved.revision:
            print_text(f"committed as {saved.revision}")
    _warn_of_git(saved)


def reviewed(arguments: argparse.Namespace) -> None:
    """Note that an article was reviewed today."""
    _step(arguments, review.mark_reviewed, _("reviewed today"))


def submit(arguments: argparse.Namespace) -> None:
    """Ask another editor to review a draft."""
    _step(arguments, review.submit, _("in review"))


def publish(arguments: argparse.Namespace) -> None:
    """Publish a draft."""
    _step(arguments, review.publish, _("published"))


def _step(
    arguments: argparse.Namespace, step: Callable[[Desk, str], SavedArticle], done: str
) -> None:
    with opened_desk(arguments) as desk:
        saved = step(desk, arguments.path)
        article = articles.show(desk, arguments.path)
    changes.add(f"{arguments.path} {done}")
    if wants_json(arguments):
        print_json({"id": article.path, **dataclasses.asdict(article)})
    else:
        print_text(f"{arguments.path} {done}.")
    _warn_of_git(saved)


def _warn_of_git(saved: SavedArticle) -> None:
    if saved.git_problem:
        warning = f"helpdesk: saved, but not committed to git: {one_line(saved.git_problem)}."
        print(warning, file=sys.stderr)


def check(arguments: argparse.Namespace) -> int:
    """List every mistake; the exit code is 1 (refused) if one of them is an error."""
    with opened_desk(arguments) as desk, Progress(_("checking the articles")):
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
        warnings = len(findings) - errors
        counted = (
            n_("{n} error", "{n} errors", errors).format(n=errors),
            n_("{n} warning", "{n} warnings", warnings).format(n=warnings),
        )
        print_text(f"{', '.join(counted)}.")
    return ExitCode.REFUSED if errors else ExitCode.DONE


def stats(arguments: argparse.Namespace) -> None:
    """Print which articles are used, which are not, and what is missing."""
    with opened_desk(arguments) as desk, Progress(_("counting")):
        found = gaps(desk, arguments.days)
        count = len(articles.rows(desk))
    if wants_json(arguments):
        print_json(_stats_json(found, count))
        return
    searches = found.searches
    readable, drafts, broken = count - len(found.broken), len(found.drafts), len(found.broken)
    parts = (
        n_("{n} draft", "{n} drafts", drafts).format(n=drafts),
        n_("{n} broken file", "{n} broken files", broken).format(n=broken),
        _("{n} overdue for a review").format(n=len(found.stale)),
    )
    all_searches = sum(searches.values())
    lines = (
        n_("{n} article ({parts})", "{n} articles ({parts})", readable).format(
            n=readable, parts=", ".join(parts)
        ),
        n_(
            "the last {days} days: {answered} of {n} resolved ticket was answered by an article",
            "the last {days} days: {answered} of {n} resolved tickets were answered by an article",
            found.resolved,
        ).format(
            days=found.days,
            answered=found.resolved - found.without_article,
            n=found.resolved,
        )
        + n_(
            "; of {n} search {none} ended without a pick",
            "; of {n} searches {none} ended without a pick",
            all_searches,
        ).format(n=all_searches, none=searches["none"]),
    )
    print_text("\n".join(lines))
    _section(
        "solved most",
        ("USED", "PATH", "TITLE"),
        [(str(row.times_used), row.path, row.title) for row in found.most_used],
    )
    _section(
        "searched for without a pick",
        ("TIMES", "LAST", "SHOWN FIRST", "TEXT"),
        [
            (str(gap.times), local(gap.last), gap.shown[0] if gap.shown else "-", gap.text)
            for gap in found.unanswered
        ],
    )
    _section(
        "resolved without an article",
        ("TICKET", "RESOLVED", "SUBJECT"),
        [(ticket.ref, local(ticket.at), ticket.subject) for ticket in found.not_written],
    )
    _section(
        "shown, but never used",
        ("SHOWN", "PATH", "TITLE"),
        [(str(row.shown), row.path, row.title) for row in found.in_vain],
    )
    for name, rows in (
        ("overdue for a review", found.stale),
        ("broken", found.broken),
        ("never used", found.never_used),
    ):
        _section(
            name,
            ("PATH", "REVIEWED", "TITLE"),
            [(row.path, row.reviewed or "-", row.error or row.title) for row in rows],
        )


def _section(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print_text(f"\n{name}:")
        print_table(heads, rows)


def _stats_json(found: Gaps, count: int) -> dict[str, object]:
    return {
        "days": found.days,
        "articles": count - len(found.broken),
        "drafts": [row.path for row in found.drafts],
        "broken": [_row(row) for row in found.broken],
        "stale": [_row(row) for row in found.stale],
        "most_used": [_row(row) for row in found.most_used],
        "never_used": [row.path for row in found.never_used],
        "shown_never_used": [
            {"id": row.path, "title": row.title, "shown": row.shown} for row in found.in_vain
        ],
        "searches": found.searches,
        "unanswered": [
            {
                "text": gap.text,
                "times": gap.times,
                "last_at": iso(gap.last),
                "shown": list(gap.shown),
            }
            for gap in found.unanswered
        ],
        "resolved": found.resolved,
        "with_article": found.resolved - found.without_article,
        "without_article": [
            {"id": ticket.ref, "subject": ticket.subject, "resolved_at": iso(ticket.at)}
            for ticket in found.not_written
        ],
    }


def _row(row: ArticleRow) -> dict[str, object]:
    return {"id": row.path, **dataclasses.asdict(row), "changed_at": iso(row.changed_at)}
