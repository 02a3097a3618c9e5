"""SQL stays in ``store``: the layers above hold a session, and pass it on.

Which layers may import SQLAlchemy at all is an import contract in ``pyproject.toml``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import helpdesk

_PACKAGE = Path(helpdesk.__file__).parent
#: What may be imported above the store: the types of what it hands out.
_TYPES = {("sqlalchemy.orm", "Session"), ("sqlalchemy", "Row")}
#: What a unit of work is asked for: objects by their keys, and their fate.
_UNIT_OF_WORK = {
    *("get", "get_one", "add", "add_all", "delete"),
    *("flush", "begin_nested", "rollback", "expunge_all"),
}


def _above() -> Iterator[tuple[str, ast.Module]]:
    """Yield the files outside the store, parsed."""
    for file in sorted(_PACKAGE.rglob("*.py")):
        name = str(file.relative_to(_PACKAGE))
        if not name.startswith("store/"):
            yield name, ast.parse(file.read_text("utf-8"))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that are imported of SQLAlchemy, each with its module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found = [(node.module or "", name.name) for name in node.names]
        elif isinstance(node, ast.Import):
            found = [(name.name, "") for name in node.names]
        else:
            continue
        yield from (one for one in found if one[0].partition(".")[0] == "sqlalchemy")


def _session_names(tree: ast.Module) -> set[str]:
    """Return what sessions are called in a file: parameters, and what is opened by ``with``."""
    names = {"session", "_session"}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and ast.unparse(node.annotation or node) == "Session":
            names.add(node.arg)
        elif isinstance(node, ast.With):
            names.update(
                item.optional_vars.id
                for item in node.items
                if isinstance(item.optional_vars, ast.Name)
                and ast.unparse(item.context_expr)
                .split("(")[0]
                .endswith(("database.read", "database.write"))
            )
    return names


def _asked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what sessions are asked for, with the line."""
    names = _session_names(tree)
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpdesk")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        of = node.func.value
        name = (
            of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
        )
        if name in names and not (isinstance(of, ast.Name) and name in modules):
            yield node.lineno, node.func.attr


def test_only_types_are_imported_above_the_store() -> None:
    found = {
        f"{name}: {module}.{imported}"
        for name, tree in _above()
        for module, imported in _imports(tree)
        if (module, imported) not in _TYPES
    }
    assert found == set()


def test_sessions_are_asked_for_no_query_above_the_store() -> None:
    asked = [(name, *one) for name, tree in _above() for one in _asked(tree)]
    assert len(asked) > 50  # the look at the files still sees sessions
    assert [one for one in asked if one[2] not in _UNIT_OF_WORK] == []
