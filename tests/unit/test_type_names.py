"""A type's name says which one it is: no two classes of the packages share a name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import jianbao
import service

PACKAGES = (Path(service.__file__).parent, Path(jianbao.__file__).parent)
SHARED = {
    # both are public: an answer to a client of one text, and the domain's translation of a text
    "Translation": {"jianbao.protocol", "service.translation.model"},
}


def classes(package: Path) -> list[tuple[str, str]]:
    """The names of the module-level classes of a package, each with its module."""
    return [
        (node.name, ".".join(path.relative_to(package.parent).with_suffix("").parts))
        for path in package.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]


def test_no_two_types_have_the_same_name() -> None:
    modules = defaultdict[str, set[str]](set)
    for name, module in [found for package in PACKAGES for found in classes(package)]:
        modules[name].add(module)
    assert len(modules) > 300
    assert {name: found for name, found in modules.items() if len(found) > 1} == SHARED
