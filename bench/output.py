"""Printing the report of a measurement."""

from __future__ import annotations

from pathlib import Path


def publish(text: str, out: Path | None) -> None:
    """Print the report ``text`` and, if ``out`` is given, also write it to that file."""
    print(text)
    if out:
        out.write_text(text + "\n", encoding="utf-8")
