"""A stand-in for the domain service, over a real generator."""

from __future__ import annotations

from service.briefs.model import (
    Article,
    Brief,
    BriefOptions,
    Caution,
    OnEvent,
    Sentence,
    Source,
    Summary,
)
from service.briefs.reading import Progress
from service.inference.protocol import GenerationRequest, Generator, Message, Timings, Usage
from tests.support.generating import generate


class EchoBriefs:
    """Has the generator say something for each language, one after the other, as a real summary
    is several requests too. A block ``repair me`` marks every brief as repaired and warned of.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    async def summarize(
        self,
        article: Article,
        options: BriefOptions,
        *,
        progress: Progress | None = None,
        on_event: OnEvent | None = None,
        timeout: float | None = None,
    ) -> Summary:
        """Return what the generator said."""
        repaired = "repair me" in article.blocks
        briefs: dict[str, Brief] = {}
        for tag in options.languages:
            text = await self._say("\n".join(article.blocks), timeout)
            briefs[tag] = Brief(text, tag, len(text.split()), "words", repaired)
            if on_event:
                on_event(Sentence(tag, 0, text))
                on_event(briefs[tag])
            if progress:
                progress(len(briefs) / len(options.languages), tag)
        return Summary(
            source=Source("en", "Latn", sum(map(len, article.blocks)), 1.0),
            briefs=briefs,
            model="fake",
            warnings=tuple(
                Caution("echo", tag, "it echoes") for tag in options.languages if repaired
            ),
            usage=Usage(),
            timings=Timings(),
            method="abstractive",
        )

    async def _say(self, text: str, timeout: float | None) -> str:
        request = GenerationRequest(
            id="echo",
            task="summarize:en",
            source="en",
            target="en",
            messages=(Message("user", text),),
        )
        generation = await generate(self._generator, request, tokens=1000, timeout=timeout)
        return generation.outputs[0].text
