"""xgrammar's EBNF as llama.cpp's GBNF. The two are one family; what differs is spelling:

- a rule's name has letters, digits and ``-`` only (``a_b`` is refused);
- a rule stands on one line, and no comment may break it;
- of the escapes only ``\\n \\r \\t \\\\ \\" \\[ \\] \\x \\u \\U`` are known.

Repetition (``{2,5}``), classes, groups and literals are the same in both.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<literal>"(?:\\.|[^"\\])*")
    |(?P<set>\[(?:\\.|[^\]\\])*\])
    |(?P<comment>\#[^\n]*)
    |(?P<rule>[A-Za-z_][\w.-]*)(?P<defines>\s*::=)?
    |(?P<space>\s+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SHARED = frozenset('nrt\\"[]')
_CONTROLS = {"0": 0x00, "a": 0x07, "b": 0x08, "f": 0x0C, "v": 0x0B, "e": 0x1B}


def to_gbnf(ebnf: str) -> str:
    """The same grammar, a rule a line."""
    lines: list[str] = []
    for token in _TOKEN.finditer(ebnf):
        kind, text = token.lastgroup, token[0]
        if kind == "defines":
            lines.append(f"{_rule_name(token['rule'])} ::=")
        elif lines:
            lines[-1] += _rewrite(kind, text)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _rewrite(kind: str | None, text: str) -> str:
    match kind:
        case "literal" | "set":
            return _ESCAPE.sub(_escape, text)
        case "rule":
            return _rule_name(text)
        case "space" | "comment":
            return " "
    return text


def _rule_name(name: str) -> str:
    """A name that GBNF reads. Different names stay different."""
    return re.sub(r"[^A-Za-z0-9]", lambda char: f"-{ord(char[0]):x}-", name)


def _escape(found: re.Match[str]) -> str:
    escaped = found[1]
    if len(escaped) > 1 or escaped in _SHARED:
        return found[0]
    return f"\\U{_CONTROLS.get(escaped, ord(escaped)):08X}"
