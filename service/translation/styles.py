"""Prompt styles of translation models, by the ``prompting`` of their entry in the catalogue: those
of instruct models (:mod:`service.translation.prompts`), and those that a model was trained on and
that its own page documents (ADR 27).

All styles take the same arguments: the sentence, translations of its names and terms, and context.
So everything that is found out about names, terms and numbers is used by all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.generation.messages import inert
from service.inference.protocol import Message, Prompting
from service.languages import Language
from service.translation import prompts
from service.translation.segments import MarkedSentence

_HY_MT_LANGUAGES: dict[Language, dict[Language, str]] = {
    "zh": {"zh": "中文", "en": "英语"},
    "en": {"zh": "Chinese", "en": "English"},
}
"""Names of the target language, by the language of the prompt."""
_HY_MT: dict[Language, str] = {
    "zh": "将以下文本翻译为{target}，{marks}注意只需要输出翻译后的结果，不要额外解释：\n\n{text}",
    "en": (
        "Translate the following text into {target}.{marks} Note that you should only output the "
        "translated result without any additional explanation:\n\n{text}"
    ),
}
_HY_MT_MARKS: dict[Language, str] = {
    "zh": "原样保留其中的占位符，",
    "en": " Keep its placeholders exactly as they are.",
}
_HY_MT_HINTS: dict[Language, tuple[str, str]] = {
    "zh": ("参考下面的翻译：\n", "{source} 翻译成 {target}\n"),
    "en": ("Reference the following translations:\n", "{source} translates to {target}\n"),
}
_HY_MT_CONTEXT: dict[Language, str] = {
    "zh": "【背景信息】\n{context}\n\n请结合背景信息翻译。",
    "en": "[Background Information]\n{context}\n\nTake the background information into account. ",
}


def translate(
    prompting: Prompting,
    sentence: MarkedSentence,
    target: Language,
    *,
    hints: Sequence[tuple[str, str]] = (),
    context: str = "",
    examples: bool = False,
) -> tuple[Message, ...]:
    """The messages that ask for a translation of ``sentence`` into ``target``. ``hints`` are names
    and terms of the sentence with their translations; only the first
    :data:`~service.translation.prompts.MOST_HINTS` are used. ``examples`` selects another prompt
    than the usual one, so that drafts differ.
    """
    if prompting == "hy-mt":
        return hy_mt(sentence, target, hints=hints, context=context, other=examples)
    return prompts.translate(sentence, target, hints=hints, context=context, examples=examples)


def hy_mt(
    sentence: MarkedSentence,
    target: Language,
    *,
    hints: Sequence[tuple[str, str]] = (),
    context: str = "",
    other: bool = False,
) -> tuple[Message, ...]:
    """One user message; the model does not support a system message. The prompt is in Chinese, as
    its page says for pairs with Chinese; the ``other`` prompt is the one in English.
    """
    written: Language = "en" if other else "zh"
    lead = ""
    if hints:
        heading, row = _HY_MT_HINTS[written]
        rows = (
            row.format(source=inert(source), target=inert(name))
            for source, name in hints[: prompts.MOST_HINTS]
        )
        lead = f"{heading}{''.join(rows)}\n"
    if context:
        lead += _HY_MT_CONTEXT[written].format(context=inert(context))
    asked = _HY_MT[written].format(
        target=_HY_MT_LANGUAGES[written][target],
        marks=_HY_MT_MARKS[written] if sentence.loose.marks else "",
        text=inert(sentence.shown),
    )
    return (Message("user", lead + asked),)
