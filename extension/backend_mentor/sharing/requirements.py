"""What a notebook imports, as exact versions of what is installed here."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_OWN, _MODULE = "backend-mentor", "backend_mentor"
_IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)
_EXTENSION = re.compile(r"^\s*%(?:re)?load_ext\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Requirements:
    """The pins, and the imports for which there is none."""

    pins: tuple[str, ...]
    unknown: tuple[str, ...]
    """Modules of the author's own, or of packages that are not installed here: nobody is asked for their names."""


def requirements_of(sources: Iterable[str], extras: tuple[str, ...] = ()) -> Requirements:
    """Return what code cells import; versions are those of this environment, which ran them or could."""
    modules = sorted(
        {name for source in sources for name in _modules(source)} - set(sys.stdlib_module_names) - {_MODULE}
    )
    known = packages_distributions()
    found = {distribution for module in modules for distribution in known.get(module, ())}
    pins = [f"{name}=={version(name)}" for name in sorted(found - {_OWN}, key=str.lower)]
    extra = f"[{','.join(extras)}]" if extras else ""
    kernel = [f"{name}=={version(name)}" for name in ("ipykernel",) if _is_installed(name) and name not in found]
    unknown = tuple(module for module in modules if module not in known)
    return Requirements((f"{_OWN}{extra}=={version(_OWN)}", *pins, *kernel), unknown)


def _modules(source: str) -> Iterable[str]:
    yield from _EXTENSION.findall(source)
    # A magic's line is no Python; what remains of a cell is read whole where it can be.
    plain = re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", source)
    try:
        tree = ast.parse(plain)
    except SyntaxError:
        yield from (name for name in _IMPORT.findall(source) if not source.lstrip().startswith("%%sql"))
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
