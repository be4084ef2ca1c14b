"""Measures the quality and speed of translations.

    python -m bench.quality DATA [--segments N] [--seed N] [--systems NAMES...]
                                 [--skip throughput|interface...] [--out FILE]

DATA is a folder with the WMT22 test set, including its translations by commercial services. The
same random lines are scored for every system:

- ``plain``: the prompt that a user would write, greedy, over the bare engine
- ``jianbao``: the translator over the same engine
- ``jianbao-best``: the same, choosing among several translations of each sentence
- any other name: the lines in DATA (``en-zh.Online-A.zh``)

Then the service, in its own process, is sent the lines through ``/translate``: all as one list, and
from eight clients at once, each after a fresh start. A bare loop gives the engine the very requests
that the translator made of them. At last strings of user interfaces (``bench/interface.tsv``) are
scored, and their placeholders counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import sacrebleu
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from bench.load import server, service_command, table
from bench.offline import BareGenerator
from bench.sample import DIRECTIONS, Direction, Sample, draw, interface, languages, outputs
from bench.throughput import TIMEOUT, default_config, free_port
from service.assembly import create_translator
from service.briefs.review import check_language
from service.inference.engines import build
from service.inference.protocol import (
    Capabilities,
    Generation,
    GenerationRequest,
    Generator,
    Message,
    Plan,
    Ticket,
)
from service.languages import Language, LanguageTag
from service.settings import load_settings
from service.tasks import Task
from service.text.numbers import unsupported
from service.text.placeholders import find_placeholders
from service.translation.model import Effort, Order, Translates

OURS = ("plain", "jianbao", "jianbao-best")
OTHERS = ("Online-A", "Online-B", "Online-G")
CLIENTS = 8
GOAL = 0.9
PLAIN = (
    "Translate the following text from {source} to {target}. Output only the translation.\n\n{text}"
)
NAMES: dict[Language, str] = {"en": "English", "zh": "Chinese"}
TAGS: dict[Language, LanguageTag] = {"en": "en", "zh": "zh-Hans"}
WARM: dict[Language, str] = {"en": "The bridge reopens in March.", "zh": "大桥将于三月重新开放。"}
TASKS: dict[Direction, Task] = {"en-zh": "translate:en-zh", "zh-en": "translate:zh-en"}


@dataclass(frozen=True)
class Done:
    """Translations of a sample; the ``seconds`` they took and each one's warnings, if known."""

    texts: tuple[str, ...]
    seconds: float | None = None
    warnings: tuple[tuple[str, ...], ...] | None = None


Runs = dict[str, dict[Direction, Done]]
"""By system and direction."""
Samples = dict[Direction, Sample]


# ------------------------------------------------------------------ pure


def plain_request(text: str, direction: Direction) -> GenerationRequest:
    """The prompt that a user would otherwise write: greedy, without a grammar."""
    source, target = languages(direction)
    prompt = PLAIN.format(source=NAMES[source], target=NAMES[target], text=text)
    return GenerationRequest(
        id=uuid.uuid4().hex,  # a bare engine is told late of what has ended
        task=TASKS[direction],
        source=source,
        target=target,
        messages=(Message("user", prompt),),
    )


def bleu(texts: Sequence[str], references: Iterable[Sequence[str]], target: Language) -> float:
    """sacreBLEU's BLEU against all references."""
    metric = BLEU(tokenize="zh" if target == "zh" else "13a")
    return float(metric.corpus_score(texts, list(references)).score)


def chrf(texts: Sequence[str], references: Iterable[Sequence[str]]) -> float:
    """sacreBLEU's chrF against all references."""
    return float(CHRF().corpus_score(texts, list(references)).score)


def is_foreign(text: str, target: Language, source: str) -> bool:
    """Whether a word of another script was left, but for what Chinese keeps of its source."""
    return bool(check_language(text, target, source)) or any(
        character.isalpha() and not _is_latin_or_han(character) and character not in source
        for character in text
    )


def _is_latin_or_han(character: str) -> bool:
    return (
        character < "\u0250"
        or "\u1e00" <= character < "\u1f00"
        or "\u3005" <= character <= "\u3007"
        or "\u3400" <= character <= "\u9fff"
    )


def survived(source: str, text: str) -> tuple[int, int]:
    """How many placeholders of ``source`` are in ``text`` to the letter, and how many it has."""
    had, has = (Counter(one.text for one in find_placeholders(side)) for side in (source, text))
    return (had & has).total(), had.total()


def shares(texts: Sequence[str], count: int) -> list[list[str]]:
    """``texts`` dealt out to ``count`` clients; those that got none are left out."""
    return [list(texts[at::count]) for at in range(min(count, len(texts)))]


def quality_table(runs: Runs, samples: Samples) -> str:
    """Scores against reference A, B and both, speed, and outputs with defects."""
    head = [""]
    for direction in samples:
        head += [f"{direction}: BLEU A / B / both", "chrF A / B / both", "segments a second"]
        head += ["with a warning", "a number that the source lacks", "a foreign script"]
    rows = [[name, *_quality_cells(run, samples)] for name, run in runs.items()]
    return table([head, *rows])


def _quality_cells(run: dict[Direction, Done], samples: Samples) -> list[str]:
    cells: list[str] = []
    for direction, sample in samples.items():
        done, (_, target) = run[direction], languages(direction)
        choices = [[one] for one in sample.references] + [list(sample.references)]
        pairs = list(zip(sample.sources, done.texts, strict=True))
        cells += [
            " / ".join(f"{bleu(done.texts, chosen, target):.1f}" for chosen in choices),
            " / ".join(f"{chrf(done.texts, chosen):.1f}" for chosen in choices),
            "" if done.seconds is None else f"{len(done.texts) / done.seconds:.2f}",
            "" if done.warnings is None else str(sum(map(bool, done.warnings))),
            str(sum(bool(unsupported(text, source)) for source, text in pairs)),
            str(sum(is_foreign(text, target, source) for source, text in pairs)),
        ]
    return cells


def throughput_table(seconds: dict[str, dict[Direction, float]], segments: int) -> str:
    """Segments a second, and how that compares with the first row."""
    base, *_ = seconds.values()
    head = ["segments a second"]
    for direction in base:
        head += [direction, "of the bare engine"]
    rows: list[list[str]] = []
    for name, took in seconds.items():
        row = [name]
        for direction, each in took.items():
            ratio = "" if took is base else f"{base[direction] / each:.2f} (goal {GOAL})"
            row += [f"{segments / each:.2f}", ratio]
        rows.append(row)
    return table([head, *rows])


def interface_table(runs: Runs, samples: Samples) -> str:
    """chrF, and placeholders that came through."""
    head = [f"{len(next(iter(samples.values())).sources)} interface strings"]
    for direction in samples:
        head += [f"{direction}: chrF", "placeholders kept"]
    rows: list[list[str]] = []
    for name, run in runs.items():
        row = [name]
        for direction, sample in samples.items():
            texts = run[direction].texts
            kept = [survived(*pair) for pair in zip(sample.sources, texts, strict=True)]
            counts = [sum(column) for column in zip(*kept, strict=True)]
            row += [f"{chrf(texts, sample.references):.1f}", f"{counts[0]} of {counts[1]}"]
        rows.append(row)
    return table([head, *rows])


# ------------------------------------------------------------------ over the bare engine


class Recorder:
    """A :class:`~service.inference.protocol.Generator` in front of another that keeps the requests
    that were finished, in the order in which they came.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._requests: dict[str, GenerationRequest] = {}

    @property
    def requests(self) -> list[GenerationRequest]:
        """Those that were finished, or still run."""
        return list(self._requests.values())

    @property
    def capabilities(self) -> Sequence[Capabilities]:
        """Those of the generator behind it."""
        return self._generator.capabilities

    @asynccontextmanager
    async def admit(self, plan: Plan) -> AsyncIterator[RecordedTicket]:
        """Have the generator behind it admit the article."""
        async with self._generator.admit(plan) as ticket:
            yield RecordedTicket(ticket, self._requests)


class RecordedTicket:
    """Runs requests under ``ticket`` and keeps those that were finished in ``requests``."""

    def __init__(self, ticket: Ticket, requests: dict[str, GenerationRequest]) -> None:
        self._ticket = ticket
        self._requests = requests

    async def generate(
        self,
        request: GenerationRequest,
        *,
        tokens: int = 0,
        later_tokens: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Run one request."""
        self._requests[request.id] = request
        try:
            return await self._ticket.generate(
                request, tokens=tokens, later_tokens=later_tokens, on_text=on_text
            )
        except BaseException:
            del self._requests[request.id]
            raise


@asynccontextmanager
async def bare_engine() -> AsyncIterator[BareGenerator]:
    """A generator over an engine of its own, its prefix cache empty."""
    engine = build(default_config("openvino"))
    generator = BareGenerator(engine)
    try:
        yield generator
    finally:
        await asyncio.to_thread(generator.close)
        engine.close()


async def translate_plainly(ticket: Ticket, sample: Sample) -> Done:
    """All at once: the engine takes as many as it can."""
    start = time.monotonic()
    requests = [plain_request(text, sample.direction) for text in sample.sources]
    done = await asyncio.gather(*map(ticket.generate, requests))
    texts = tuple(one.outputs[0].text.strip() for one in done)
    return Done(texts, time.monotonic() - start)


async def translate_with(translator: Translates, sample: Sample, effort: Effort) -> Done:
    """All in one order."""
    source, target = languages(sample.direction)
    start = time.monotonic()
    order = Order(sample.sources, TAGS[target], source, effort=effort)
    done = await translator.translate(order)
    return Done(
        tuple(one.text for one in done.translations),
        time.monotonic() - start,
        tuple(tuple(f"{w.flag}: {w.message}" for w in one.warnings) for one in done.translations),
    )


async def translate_all(
    systems: Sequence[str], sets: Sequence[Samples]
) -> tuple[list[Runs], list[GenerationRequest]]:
    """Each set by each system of ours; and the requests that the translator made of the first."""
    settings = load_settings(os.environ)
    runs: list[Runs] = [{system: {} for system in systems} for _ in sets]
    async with bare_engine() as generator:
        recorder = Recorder(generator)
        recorded = create_translator(settings, recorder)
        translator = create_translator(settings, generator)
        for direction in DIRECTIONS:
            warm = (WARM[languages(direction)[0]],)
            for system in systems:
                for position, samples in enumerate([_only(warm, direction), *sets]):
                    sample = samples[direction]
                    if system == "plain":
                        done = await translate_plainly(generator, sample)
                    else:
                        effort: Effort = "best" if system == "jianbao-best" else "usual"
                        first = position == 1 and effort == "usual"
                        asked = recorded if first else translator
                        done = await translate_with(asked, sample, effort)
                    if position:
                        runs[position - 1][system][direction] = done
                        _tell(f"{system}, {direction}, {len(done.texts)}", done.seconds)
    return runs, recorder.requests


def _only(texts: tuple[str, ...], direction: Direction) -> Samples:
    return {direction: Sample(direction, (), texts, ())}


async def replay(requests: Sequence[GenerationRequest]) -> dict[Direction, float]:
    """Seconds that a fresh engine takes for the requests of each direction, in a bare loop. As the
    service is, it is warmed with one request of their kind: they share the beginning of a prompt.
    """
    seconds: dict[Direction, float] = {}
    async with bare_engine() as generator:
        for direction, task in TASKS.items():
            chosen = [request for request in requests if request.task == task]
            await generator.generate(msgspec.structs.replace(chosen[0], id="warm"))
            start = time.monotonic()
            await asyncio.gather(*map(generator.generate, chosen))
            seconds[direction] = time.monotonic() - start
            _tell(f"bare engine, {direction}, {len(chosen)} requests", seconds[direction])
    return seconds


def _tell(what: str, seconds: float | None) -> None:
    print(f"{what}: {seconds or 0:.1f} s", file=sys.stderr)


# ------------------------------------------------------------------ over HTTP


async def post(client: httpx.AsyncClient, texts: Sequence[str], direction: Direction) -> None:
    """Have one list translated."""
    source, target = languages(direction)
    body = {"q": list(texts), "source": source, "target": TAGS[target]}
    answer = await client.post("/translate", json=body)
    answer.raise_for_status()
    assert len(answer.json()["translatedText"]) == len(texts)


async def post_shares(address: str, samples: Samples, clients: int) -> dict[Direction, float]:
    """Seconds for each direction, its lines dealt out to ``clients`` that post at once."""
    seconds: dict[Direction, float] = {}
    async with httpx.AsyncClient(base_url=address, timeout=TIMEOUT) as client:
        for direction, sample in samples.items():
            await post(client, [WARM[languages(direction)[0]]], direction)
            start = time.monotonic()
            posts: list[Awaitable[None]] = [
                post(client, share, direction) for share in shares(sample.sources, clients)
            ]
            await asyncio.gather(*posts)
            seconds[direction] = time.monotonic() - start
            _tell(f"service, {direction}, {clients} at once", seconds[direction])
    return seconds


def measure_service(
    samples: Samples, requests: Sequence[GenerationRequest]
) -> dict[str, dict[Direction, float]]:
    """Seconds of the bare engine, of one request to the service, and of eight clients."""
    rows = {"bare engine, the same requests": asyncio.run(replay(requests))}
    for name, clients in {"service, one list": 1, f"service, {CLIENTS} clients": CLIENTS}.items():
        port = free_port()
        # started anew: no prompt may be remembered
        with server(service_command(port), port, JIANBAO_DEADLINE_SECONDS="3600") as watched:
            rows[name] = asyncio.run(post_shares(watched.address, samples, clients))
    return rows


# ------------------------------------------------------------------ all of it


def listed(runs: Runs, samples: Samples) -> list[dict[str, object]]:
    """Every translation, for people to read."""
    return [
        {
            "system": system,
            "direction": direction,
            "line": at + 1,
            "source": source,
            "text": text,
            "warnings": done.warnings[number] if done.warnings else (),
        }
        for system, run in runs.items()
        for direction, done in run.items()
        for number, (at, source, text) in enumerate(
            zip(samples[direction].at, samples[direction].sources, done.texts, strict=True)
        )
    ]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--segments", type=int, default=200, help="lines each way")
    parser.add_argument("--seed", type=int, default=22, help="which lines")
    parser.add_argument("--systems", nargs="+", default=[*OURS, *OTHERS])
    parser.add_argument("--skip", nargs="+", choices=("throughput", "interface"), default=[])
    parser.add_argument("--out", type=Path, help="write every translation here, as JSON")
    arguments = parser.parse_args()
    samples: Samples = {
        direction: draw(arguments.data, direction, arguments.segments, arguments.seed)
        for direction in DIRECTIONS
    }
    strings: Samples = {direction: interface(direction) for direction in DIRECTIONS}
    others: Runs = {
        system: {
            direction: Done(outputs(arguments.data, sample, system))
            for direction, sample in samples.items()
        }
        for system in arguments.systems
        if system not in OURS
    }
    ours = [system for system in arguments.systems if system in OURS]
    sets = [samples] if "interface" in arguments.skip else [samples, strings]
    runs, requests = asyncio.run(translate_all(ours, sets)) if ours else ([{}], [])
    made = runs[0] | others
    if arguments.out:
        rows = listed(made, samples) + [row for run in runs[1:] for row in listed(run, strings)]
        arguments.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    command = f"python -m bench.quality {' '.join(sys.argv[1:])}"
    print(f"{machine}; {command}; sacrebleu {sacrebleu.__version__}")
    in_order = {system: made[system] for system in arguments.systems}
    print(f"\n{quality_table(in_order, samples)}")
    if requests and "throughput" not in arguments.skip:
        try:
            seconds = measure_service(samples, requests)
        except (RuntimeError, httpx.HTTPError) as error:  # told, and the last table still comes
            print(f"\nthroughput failed: {error}")
        else:
            print(f"\n{throughput_table(seconds, arguments.segments)}")
    for strings_run in runs[1:]:
        print(f"\n{interface_table(strings_run, strings)}")


if __name__ == "__main__":
    main()
