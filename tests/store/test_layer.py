"""Only ``store`` contains SQL; the layers above open sessions and pass them on.

An import contract in ``pyproject.toml`` says which layers may import SQLAlchemy at all.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import helpdesk

_PACKAGE = Path(helpdesk.__file__).parent
#: What the layers above may import from SQLAlchemy: the types of objects that the store returns.
_TYPES = {("sqlalchemy.orm", "Session"), ("sqlalchemy", "Row")}
#: The session methods that the layers above may call; none of them is a query.
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
    """Yield (module, name) of everything that a file imports from SQLAlchemy."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found = [(node.module or "", name.name) for name in node.names]
        elif isinstance(node, ast.Import):
            found = [(name.name, "") for name in node.names]
        else:
            continue
        yield from (names for names in found if names[0].partition(".")[0] == "sqlalchemy")


def _session_names(tree: ast.Module) -> set[str]:
    """Return the names of sessions in a file: parameters, and variables of ``with`` blocks."""
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


def _session_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, method) of all calls of session methods."""
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
        owner = node.func.value
        name = getattr(owner, "id", getattr(owner, "attr", ""))
        if name in names and not (isinstance(owner, ast.Name) and name in modules):
            yield node.lineno, node.func.attr


def test_the_layers_above_import_only_types() -> None:
    found = {
        f"{name}: {module}.{imported}"
        for name, tree in _above()
        for module, imported in _imports(tree)
        if (module, imported) not in _TYPES
    }
    assert found == set()


def test_the_layers_above_execute_no_queries() -> None:
    calls = [(name, *call) for name, tree in _above() for call in _session_calls(tree)]
    assert len(calls) > 50  # the search still finds sessions
    assert [call for call in calls if call[2] not in _UNIT_OF_WORK] == []
