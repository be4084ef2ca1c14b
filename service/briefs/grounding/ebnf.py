"""Pieces of EBNF, in xgrammar's dialect, that both languages use."""

from __future__ import annotations

from collections.abc import Iterable

from service.briefs.shape import Shape


def root(shape: Shape) -> str:
    """The first rule: as many ``sentence`` as ``shape`` asks for, a headline being one."""
    sentence, joint = "sentence", ""
    if shape.style == "bullets":
        sentence, joint = '"- " sentence', "\\n"
    elif shape.language == "en":
        joint = " "
    further = f'"{joint}" {sentence}' if joint else sentence
    required = " ".join([sentence, *[further] * (shape.least - 1)])
    optional = ""
    for _ in range(shape.most - shape.least):
        optional = f"({further} {optional})?".replace(" )", ")")
    return f"root ::= {required} {optional}".rstrip()


def alternatives(texts: Iterable[str]) -> str:
    """Any one of ``texts``, literally."""
    return " | ".join(f'"{_escape(text)}"' for text in texts)


def char_class(letters: Iterable[str], accented: str = "") -> str:
    """A character class of ``letters``, runs folded into ranges.

    No range crosses a multiple of 0x1000, where UTF-8's first byte changes: the xgrammar inside
    openvino-genai 2026.4 loses characters of ranges that do.
    """
    runs: list[list[int]] = []
    for code in sorted(map(ord, letters)):
        if runs and code == runs[-1][1] + 1 and code % 0x1000:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    spans = "".join(
        chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in runs
    )
    return f"[{spans}{accented}]"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
