"""Measures the effect of each choice of the translator: prompts, grammar, drafts, context.

python -m bench.prompts DATA [--segments N] [--seed N] [--variants NAMES...]

Translates random lines of the WMT22 test set with the bare engine, one choice changed at a time,
and scores them. Nothing is reviewed or repaired. The seed differs from that of ``bench.quality``,
which measures the final choice.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bench.load import table
from bench.offline import BareGenerator
from bench.quality import TASKS, bare_engine, bleu, chrf, plain_request
from bench.sample import DIRECTIONS, Direction, Sample, draw, languages
from service.inference.protocol import Generation, GenerationRequest, Message, Sampling
from service.text.chunks import estimate_tokens
from service.translation import prompts
from service.translation.consensus import rank
from service.translation.grammar import translation_grammar
from service.translation.segments import MarkedSentence

_ENGLISH = (
    "You are a professional translator. Translate what the user writes from {source} into "
    "{target}, completely and faithfully, in natural {target}. Answer with the translation alone."
)
_NAMES = {"en": "English", "zh": "Simplified Chinese"}
_GREEDY = Sampling()

Ask = Callable[[str, Direction, str], tuple[Message, ...]]
"""Messages for a line, given its direction and the line before it."""


def plain(text: str, direction: Direction, _: str) -> tuple[Message, ...]:
    """The prompt that a user would write."""
    return plain_request(text, direction).messages


def ours(text: str, direction: Direction, _: str) -> tuple[Message, ...]:
    """The translator's own prompt, in the target language."""
    return prompts.translate(MarkedSentence(text), languages(direction)[1])


def english(text: str, direction: Direction, _: str) -> tuple[Message, ...]:
    """The same, in English both ways."""
    source, target = languages(direction)
    system = _ENGLISH.format(source=_NAMES[source], target=_NAMES[target])
    return Message("system", system), Message("user", text)


def bare(text: str, direction: Direction, before: str) -> tuple[Message, ...]:
    """The translator's prompt without the examples into Chinese."""
    system, *_, user = ours(text, direction, before)
    return system, user


def unled(text: str, direction: Direction, before: str) -> tuple[Message, ...]:
    """The translator's prompt, with only the text in the user message."""
    lead = prompts.LEAD[languages(direction)[1]]
    return tuple(
        Message(one.role, one.content.removeprefix(lead)) for one in ours(text, direction, before)
    )


def shots(text: str, direction: Direction, _: str) -> tuple[Message, ...]:
    """The translator's prompt with four examples in both directions."""
    return prompts.translate(MarkedSentence(text), languages(direction)[1], examples=True)


def context(text: str, direction: Direction, before: str) -> tuple[Message, ...]:
    """The translator's prompt with the previous sentence as context."""
    return prompts.translate(MarkedSentence(text), languages(direction)[1], context=before)


@dataclass(frozen=True)
class Variant:
    """One way to translate a line, or two: drafts of both are held against each other."""

    ask: Ask
    grammar: bool = True
    sampling: Sampling = _GREEDY
    beside: Variant | None = None


VARIANTS: dict[str, Variant] = {
    "plain prompt": Variant(plain, grammar=False),
    "plain prompt, grammar": Variant(plain),
    "English system prompt, grammar": Variant(english),
    "ours": Variant(ours),
    "ours, the text alone": Variant(unled),
    "ours, no examples": Variant(bare),
    "ours, four examples": Variant(shots),
    "ours, the sentence before": Variant(context),
    "ours, of 8 drafts the one most like the others": Variant(
        ours, sampling=Sampling(temperature=0.5, top_p=0.95, candidates=8)
    ),
    "ours, of 4 beams and 4 drafts": Variant(
        ours, sampling=Sampling(beams=4, temperature=0.5, top_p=0.95, candidates=4)
    ),
    "ours, of 4 beams and 4 drafts with examples": Variant(
        ours,
        sampling=Sampling(beams=4),
        beside=Variant(shots, sampling=Sampling(temperature=0.5, top_p=0.95, candidates=4)),
    ),
}


def requests_of(variant: Variant, sample: Sample, before: Sequence[str]) -> list[GenerationRequest]:
    """One request a line."""
    source, target = languages(sample.direction)
    return [
        GenerationRequest(
            id=uuid.uuid4().hex,
            task=TASKS[sample.direction],
            source=source,
            target=target,
            messages=variant.ask(text, sample.direction, previous),
            grammar=translation_grammar(MarkedSentence(text), target) if variant.grammar else None,
            max_new_tokens=2 * estimate_tokens(text) + 24,
            sampling=variant.sampling,
        )
        for text, previous in zip(sample.sources, before, strict=True)
    ]


def best(generations: Iterable[Generation]) -> str:
    """The draft that is most like the others."""
    outputs = [output for generation in generations for output in generation.outputs]
    drafts = [" ".join(output.text.split()) for output in outputs]
    return drafts[rank(drafts)[0]]


async def run(
    generator: BareGenerator, variant: Variant, sample: Sample, before: Sequence[str]
) -> str:
    """A cell of the table: BLEU, chrF, segments a second."""
    start = time.monotonic()
    both = [requests_of(one, sample, before) for one in (variant, variant.beside) if one]
    done = await asyncio.gather(*map(generator.generate, chain.from_iterable(both)))
    seconds = time.monotonic() - start
    lines = len(sample.sources)
    texts = [best(done[at::lines]) for at in range(lines)]
    accuracy = bleu(texts, sample.references, languages(sample.direction)[1])
    return f"{accuracy:.1f} / {chrf(texts, sample.references):.1f} / {len(texts) / seconds:.2f}"


async def compare(names: Sequence[str], samples: dict[Direction, Sample], folder: Path) -> str:
    """The table of all variants."""
    rows = [["", *(f"{direction}: BLEU / chrF / segments a second" for direction in samples)]]
    async with bare_engine() as generator:
        for name in names:
            cells = [
                await run(generator, VARIANTS[name], sample, _before(folder, sample))
                for sample in samples.values()
            ]
            rows.append([name, *cells])
            print(rows[-1], file=sys.stderr)
    return table(rows)


def _before(folder: Path, sample: Sample) -> list[str]:
    path = folder / f"{sample.direction}.src.{sample.direction[:2]}"
    lines = path.read_text(encoding="utf-8").split("\n")
    return [lines[at - 1] if at else "" for at in sample.at]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--segments", type=int, default=100, help="lines each way")
    parser.add_argument("--seed", type=int, default=7, help="which lines")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    arguments = parser.parse_args()
    samples = {
        direction: draw(arguments.data, direction, arguments.segments, arguments.seed)
        for direction in DIRECTIONS
    }
    print(asyncio.run(compare(arguments.variants, samples, arguments.data)))


if __name__ == "__main__":
    main()
