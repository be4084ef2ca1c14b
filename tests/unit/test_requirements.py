"""The package asks for all that it imports: an installation has nothing else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BROUGHT = {"openvino": "openvino-genai", "openvino-tokenizers": "openvino-genai"}
"""Packages that come with one that is asked for, in the version that it needs."""


def _imported() -> set[str]:
    """Top-level modules of other projects that any module of the service imports, at any depth."""
    names: set[str] = set()
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - {"service", "jianbao", *sys.stdlib_module_names}


def _required() -> set[str]:
    """Names of the packages that pyproject.toml asks for, with those of the extra ``otel``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["otel"]]
    return {_normalized(re.split(r"[\s\[<>=!~;]", one, maxsplit=1)[0]) for one in wanted}


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_whatever_is_imported_is_asked_for() -> None:
    packages, required = packages_distributions(), _required()
    missing = {}
    for module in _imported():
        names = {_normalized(name) for name in packages.get(module, [module])}
        if not required & {_BROUGHT.get(name, name) for name in names}:
            missing[module] = names
    assert missing == {}
