"""Telling a listener of a brief while it is made, in the scripts that were asked for."""

from __future__ import annotations

from collections import defaultdict

from service.briefs.drafts import Draft, Drafter, printed
from service.briefs.model import Brief, Language, LanguageTag, Listen, Sentence, Wish, language_of
from service.briefs.review import count_units
from service.text.scripts import Variant, convert


class Narrator:
    """Tells ``listen`` of one article's briefs: each sentence of a first draft when it is finished,
    the rest and the whole brief when it is settled. A draft that was repaired may differ from the
    sentences told before; the brief replaces them.
    """

    def __init__(
        self,
        drafter: Drafter,
        wish: Wish,
        listen: Listen | None,
    ) -> None:
        self._drafter = drafter
        self._tags = wish.languages
        self._bare_zh = wish.bare_zh
        self._listen = listen
        self._heard = ""
        self._told: defaultdict[Language, list[str]] = defaultdict(list)

    def hear(self, language: Language, text: str) -> None:
        """Take the next piece of the draft that is written in the article's ``language``."""
        if self._listen is None:
            return
        self._heard += text
        draft = printed(self._heard.strip(), language)
        for sentence in self._drafter.parts(draft, language)[:-1][len(self._told[language]) :]:
            self._tell(language, sentence)

    def finish(self, language: Language, text: str) -> None:
        """Take the next sentence of a translation into ``language``."""
        self._tell(language, printed(text.strip(), language))

    def settle(self, language: Language, draft: Draft) -> None:
        """Take the brief in ``language`` as it stays."""
        if self._listen is None:
            return
        parts, told = self._drafter.parts(draft.text, language), self._told[language]
        if parts[: len(told)] == told:
            for sentence in parts[len(told) :]:
                self._tell(language, sentence)
        for tag in self._tags:
            if language_of(tag) == language:
                self._listen(print_brief(draft, tag, self._bare_zh))

    def _tell(self, language: Language, sentence: str) -> None:
        if self._listen is None:
            return
        told = self._told[language]
        for tag in self._tags:
            if language_of(tag) == language:
                text = _in_script(sentence, tag, self._bare_zh)
                self._listen(Sentence(tag, len(told), text))
        told.append(sentence)


def print_brief(draft: Draft, tag: LanguageTag, bare_zh: Variant) -> Brief:
    """A settled draft in the script of ``tag``; bare ``zh`` is ``bare_zh``."""
    language = language_of(tag)
    text = _in_script(draft.text, tag, bare_zh)
    return Brief(
        text=text,
        language=tag,
        length=count_units(text, language),
        unit="words" if language == "en" else "characters",
        repaired=draft.repaired,
    )


def _in_script(text: str, tag: LanguageTag, bare_zh: Variant) -> str:
    return text if tag == "en" else convert(text, bare_zh if tag == "zh" else tag)
