"""The grammar that a brief is decoded under, built from the article it must stay true to.

One EBNF text (xgrammar's dialect) serves every engine. It leaves the words free and takes away
what a model may not make up:

- English: Latin letters and punctuation, no Han. Digits, and the words that state a number, stand
  only inside *items*: the article's quantities and their exact restatements.
- Chinese: Han and Chinese punctuation; Latin letters only in terms that the article holds. Digits
  and Han numerals stand only inside items, or in common words that count nothing (四川, 数据).
- Whole sentences only, of bounded number and length, with quotes and brackets that close.

A quantity is one item, number and unit together, and a number never touches another: else a
licensed 585 followed by a free 万 would become an invented 585万.
"""

from __future__ import annotations

from service.briefs.grounding.chinese import allowed_latin, chinese_rules
from service.briefs.grounding.english import english_rules
from service.briefs.shape import Shape
from service.text.cached import CachedText, cached

__all__ = ["allowed_latin", "brief_grammar"]


def brief_grammar(source: str, shape: Shape, *, article: str | CachedText | None = None) -> str:
    """EBNF for a brief of ``shape`` that is true to ``source``.

    ``source`` is what the model reads, cleaned, in Simplified characters if it is Chinese: the
    article, or the brief that is to be translated, which narrows the numbers to its own; then
    ``article`` still gives the names that may stand; a cached one is searched for them once. The
    same arguments give the same text, so that engines can cache what they compile from it.
    """
    rules = chinese_rules if shape.language == "zh" else english_rules
    return "\n".join([_root(shape), *rules(source, cached(article or source), shape)]) + "\n"


def _root(shape: Shape) -> str:
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
