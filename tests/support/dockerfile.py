"""The instructions of a Dockerfile, for tests that read it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from dockerfile_parse import DockerfileParser


@dataclass(frozen=True)
class Step:
    """One instruction."""

    name: str
    value: str


def read_steps(dockerfile: Path) -> list[Step]:
    """Return the instructions, without comments."""
    with dockerfile.open("rb") as file:
        structure = DockerfileParser(fileobj=file).structure
    return [
        Step(one["instruction"], one["value"])
        for one in structure
        if one["instruction"] != "COMMENT"
    ]


def flags_of(value: str) -> tuple[dict[str, str], str]:
    """Split ``--name=value`` words off the front of an instruction."""
    flags: dict[str, str] = {}
    while found := re.match(r"--([\w-]+)=(\S+)\s+", value):
        flags[found[1]] = found[2]
        value = value[found.end() :]
    return flags, value


def assignments(value: str) -> dict[str, str]:
    """Read the words of ENV, LABEL and ARG."""
    return dict(word.partition("=")[::2] for word in shlex.split(value))
