"""Patterns mean the same on every Python that the project runs on (ADR 13)."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import service.text

_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_NEW_IN_311 = re.compile(r"(?<!\\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")
_DEBIANS = Path("/usr/bin/python3.11")


def patterns() -> Iterator[tuple[str, str]]:
    """Every pattern of ``re`` that a module of ``service.text`` keeps, with the module's name."""
    for found in pkgutil.walk_packages(service.text.__path__, "service.text."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if isinstance(value, re.Pattern):
                yield found.name, value.pattern


def test_no_pattern_of_re_uses_what_old_pythons_match_wrongly() -> None:
    found = list(patterns())
    assert len(found) > 20
    assert [one for one in found if _NEW_IN_311.search(_CLASS.sub("x", one[1]))] == []


@pytest.mark.parametrize("pattern", ["a++", "(?:ab|a)*+b", "(?>a|ab)c", r"\d{1,9}+x"])
def test_what_old_pythons_match_wrongly_is_known(pattern: str) -> None:
    assert _NEW_IN_311.search(_CLASS.sub("x", pattern))


@pytest.mark.parametrize("pattern", ["[*+]+", r"\++", "a+?", "(?:ab)+", r"\?\+"])
def test_what_they_match_rightly_is_let_through(pattern: str) -> None:
    assert not _NEW_IN_311.search(_CLASS.sub("x", pattern))


@pytest.mark.skipif(
    not _DEBIANS.exists() or sys.version_info[:2] != (3, 11),
    reason="needs another CPython 3.11, for which our packages are built too",
)
def test_numbers_are_read_alike_by_the_python_of_debian() -> None:
    code = (
        "from service.text.numbers import find_quantities\n"
        "text = 'From 38 minutes to 11: 1,900 people, $1.26 billion, 新增14条线路，覆盖41座站'\n"
        "print([one.text for one in find_quantities(text)])"
    )
    told = [
        subprocess.run(  # noqa: S603 (no input of others)
            [python, "-c", code],
            env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"},
            cwd=Path(service.text.__file__).parents[2],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for python in (sys.executable, str(_DEBIANS))
    ]
    assert told[0] == told[1]
    assert "'38 minutes'" in told[0] or "'38'" in told[0]
