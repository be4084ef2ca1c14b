"""Events while briefs are made: their sentences, then whole briefs, in the scripts asked for."""

from __future__ import annotations

from collections import defaultdict

from service.briefs.drafts import Draft, Drafter, DraftSentence, printed
from service.briefs.model import BriefOptions, OnEvent, Sentence
from service.briefs.rendering import in_script, render_brief
from service.languages import Language, language_of
from service.text.languages import Script


class BriefEvents:
    """Calls ``on_event`` with the parts of one article's briefs: each sentence of a first draft
    when it is finished, the other sentences and the whole brief when it is final. A repaired brief
    may differ from the sentences that were sent before; the brief replaces them.
    """

    def __init__(
        self,
        drafter: Drafter,
        options: BriefOptions,
        script: Script,
        on_event: OnEvent | None,
    ) -> None:
        self._script = script
        self._drafter = drafter
        self._tags = options.languages
        self._options = options
        self._on_event = on_event
        self._written = ""
        self._sent: defaultdict[Language, list[str]] = defaultdict(list)

    def on_text(self, language: Language, text: str) -> None:
        """Take the next piece of the draft in ``language``, which is the article's."""
        if self._on_event is None:
            return
        self._written += text
        draft = printed(self._written.strip(), language)
        for sentence in self._drafter.parts(draft, language)[:-1][len(self._sent[language]) :]:
            self._send(language, DraftSentence(sentence))

    def on_sentence(self, language: Language, text: str) -> None:
        """Take the next sentence of the translation into ``language``."""
        self._send(language, DraftSentence(printed(text.strip(), language)))

    def on_brief(self, language: Language, draft: Draft) -> None:
        """Take the final brief in ``language``."""
        if self._on_event is None:
            return
        sent = self._sent[language]
        sentences = draft.sentences or tuple(
            map(DraftSentence, self._drafter.parts(draft.text, language))
        )
        if [one.text for one in sentences[: len(sent)]] == sent:
            for sentence in sentences[len(sent) :]:
                self._send(language, sentence)
        for tag in self._tags:
            if language_of(tag) == language:
                self._on_event(render_brief(draft, tag, self._options, self._script))

    def _send(self, language: Language, sentence: DraftSentence) -> None:
        if self._on_event is None:
            return
        sent = self._sent[language]
        for tag in self._tags:
            if language_of(tag) == language:
                text = in_script(sentence, tag, self._options.bare_zh, self._script)
                position = len(sent)
                self._on_event(Sentence(tag, position, text, sentence.source, sentence.origin))
        sent.append(sentence.text)
