"""Articles that were renamed: their uses and the links of tickets go on under the new path.

An article names its former paths itself (``aliases_of`` in its front matter), or git has recorded
the renaming.  What was learnt is stored with the desk, so that it holds where git is not run.
"""

import json
from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.domain.errors import DeskError, UnavailableError
from helpdesk.domain.roles import Right
from helpdesk.store.people import people

_SETTING = "article_renames"


def known_renames(session: Session) -> Mapping[str, str]:
    """Return the current path of each renamed article by its former path, as last learnt."""
    text = people.desk_setting(session, _SETTING)
    return json.loads(text) if text else {}


def learn(desk: Desk) -> Mapping[str, str]:
    """Look for renamed articles, store what was found, and return it as :func:`known_renames`."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        known = known_renames(session)
    entries = desk.library.folder.catalogue()
    present = {entry.path for entry in entries}
    recorded = desk.library.history().renames if desk.settings.origin is None else {}
    named = {
        former: entry.path
        for entry in entries
        if entry.article is not None
        for former in entry.article.head.aliases_of
    }
    steps = {**known, **recorded, **named}
    found = {
        old: new
        for old in steps
        if old not in present and (new := _end_of(steps, old, present)) is not None
    }
    if found != known:
        try:
            with desk.database.write() as session:
                people.set_desk_setting(session, _SETTING, json.dumps(found, sort_keys=True))
        except UnavailableError:
            pass  # it is learnt again the next time
    return found


def _end_of(steps: Mapping[str, str], old: str, present: set[str]) -> str | None:
    """Return the path at which a chain of renamings ends; None if there is no such article."""
    seen, path = {old}, steps[old]
    while path not in present and path in steps and path not in seen:
        seen.add(path)
        path = steps[path]
    return path if path in present else None


def current_path(desk: Desk, path: str) -> str | None:
    """Return the present path of an article that was renamed; None if it was not."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        known = known_renames(session)
    if path in known and (desk.library.folder.root / known[path]).is_file():
        return known[path]
    try:
        return learn(desk).get(path)
    except DeskError:
        return None


def current_paths(desk: Desk, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the present paths of a ticket's articles, each once."""
    desk.require(Right.READ)
    folder, present = desk.library.folder.root, []
    for path in paths:
        renamed = None
        if not (folder / path).is_file():
            look = partial(current_path, desk, path)
            renamed = desk.library.remembered(f"renamed {path}", look)
        present.append(renamed or path)
    return tuple(dict.fromkeys(present))


def joined(uses: Mapping[str, int], renames: Mapping[str, str]) -> dict[str, int]:
    """Return the numbers of uses with those of former paths counted for the present path."""
    total: dict[str, int] = {}
    for path, count in uses.items():
        current = renames.get(path, path)
        total[current] = total.get(current, 0) + count
    return total
