"""The project's own files as the tests in this folder read them: what git tracks, parsed once."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git tracks, or would with the next `git add`, relative to the top; skips without git."""
    try:
        names = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPO, capture_output=True, check=True, timeout=30,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        pytest.skip("not a git checkout: what belongs to the project cannot be told")
    paths = [Path(name) for name in names.decode().split("\0") if name]
    return tuple(sorted(path for path in set(paths) if (REPO / path).is_file()))


def python_files(*folders: str) -> list[Path]:
    """The tracked Python files below any of these top folders."""
    return [path for path in tracked() if path.suffix == ".py" and path.parts[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((REPO / path).read_text(encoding="utf-8"), filename=str(path))


@cache
def text(path: Path) -> str | None:
    """A file's text, or None where it is not text."""
    try:
        return (REPO / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for a name or a chain of attributes; an unnamed start becomes ``?``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def imports(path: Path, module: ast.Module | None = None) -> list[tuple[int, str]]:
    """Every module a file imports, wherever in the file, as (line, absolute dotted name).

    ``from a import b`` yields ``a.b``: whether b is a module or a name in one, the rule about ``a.b`` holds.
    With ``module`` that is read as if it stood at ``path``.
    """
    package = path.with_suffix("").parts if path.name == "__init__.py" else path.parts
    package = package[:-1]
    found = []
    for node in ast.walk(module or tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            found += [(node.lineno, f"{module}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and dotted(node.func) in ("importlib.import_module", "__import__"):
            found += [(node.lineno, str(arg.value)) for arg in node.args[:1] if isinstance(arg, ast.Constant)]
    return found
