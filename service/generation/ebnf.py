"""Builds pieces of EBNF in xgrammar's dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BEFORE_DIGIT = re.compile(r"(?<=[\x00-\x1f\x7f-\xff])(?=[0-9A-Fa-f])")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def alternatives(texts: Iterable[str]) -> str:
    """EBNF that matches any of ``texts`` literally."""
    return " | ".join(map(literal, texts))


def literal(text: str) -> str:
    """EBNF that matches ``text`` literally: one quoted string, or several in a row.

    xgrammar prints control characters and Latin-1 as ``\\x`` and two hexadecimal digits, but reads
    as many digits as there are. openvino-genai prints a grammar and reads it again, so that
    ``"£75"`` would become ``"\\ua375"``: a string ends before the digit that would be read along.
    """
    return " ".join(f'"{part.translate(_ESCAPES)}"' for part in _BEFORE_DIGIT.split(text))


def char_class(letters: Iterable[str], accented: str = "") -> str:
    """A character class of ``letters``, with consecutive ones as ranges.

    No range crosses a multiple of 0x1000, where UTF-8's first byte changes: the xgrammar inside
    openvino-genai 2026.4 loses characters of ranges that do. In ascending order no Latin-1
    character stands before a hexadecimal digit (see :func:`literal`).
    """
    runs: list[list[int]] = []
    for code in sorted({ord(char) for char in (*letters, *accented)}):
        if runs and code == runs[-1][1] + 1 and code % 0x1000:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    spans = "".join(
        chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in runs
    )
    return f"[{spans}]"
