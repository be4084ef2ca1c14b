"""``jianbao summarize`` and ``jianbao translate``: files in, briefs or translations out, without a
server.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar, get_args

import click
import msgspec
from tqdm import tqdm

from service.briefs import articles
from service.briefs.model import Article, BriefOptions, LengthName, SentenceCount, Style, Summary
from service.briefs.summarize import Summarizes
from service.errors import InvalidInput, ServiceError, TextTooLong
from service.languages import LanguageTag, language_of
from service.tasks import Method
from service.translation.glossary_parsing import parse_glossary
from service.translation.model import Order, Term, Translated, Translates, Warned
from service.web.schemas import SummarizeAnswer
from service.weights.progress import progress_on
from service.wiring import one_line, quietly

_TAGS: tuple[LanguageTag, ...] = get_args(LanguageTag)
_LENGTHS: tuple[LengthName, ...] = get_args(LengthName)
_PAGES = {".html", ".htm", ".xhtml"}
_DELIMITERS = {".tsv": "\t", ".csv": ","}
_DEFAULT = BriefOptions()

Opened = TypeVar("Opened")
Read = TypeVar("Read")
Done = TypeVar("Done")


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option(
    "--languages",
    multiple=True,
    metavar="TAG,...",
    help=f"Languages of the briefs ({', '.join(_TAGS)}); default: en,zh.",
)
@click.option(
    "--style",
    type=click.Choice(get_args(Style)),
    default=_DEFAULT.style,
    help="Form of the briefs.",
)
@click.option(
    "--length",
    default=_DEFAULT.length,
    metavar="LENGTH",
    help=f"{', '.join(_LENGTHS)}, or a number of sentences (1 to 10).",
)
@click.option(
    "--method",
    type=click.Choice(("auto", *get_args(Method))),
    default=_DEFAULT.method,
    help="Use the article's own sentences, or a model's; auto: as the lineup's entry says.",
)
@click.option(
    "--source",
    type=click.Choice(get_args(articles.Source)),
    default="auto",
    help="Language of the articles; auto: detect it.",
)
@click.option("--title", help="The headline, if it is not part of the text.")
@click.option("--html/--text", default=None, help="The files' format; default: by their names.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each article.")
@click.pass_context
def summarize(
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    languages: tuple[str, ...],
    style: Style,
    length: str,
    method: Method | Literal["auto"],
    source: articles.Source,
    title: str | None,
    html: bool | None,
    as_json: bool,
) -> None:
    """Summarize files, or standard input (-), without a server."""
    settings, wiring = quietly(ctx)
    options = BriefOptions(
        _languages(languages), style, _length(length), bare_zh=settings.bare_zh, method=method
    )
    reading = _ReadOptions(source, title, html, settings.max_article_characters)
    failures = asyncio.run(
        _each(
            files or ("-",),
            read=reading.article,
            open_=partial(wiring.open_briefs, settings, progress=progress_on(sys.stderr)),
            work=partial(_summarize, options),
            show=_show_json if as_json else _show_text,
        )
    )
    ctx.exit(1 if failures else 0)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option(
    "--to",
    "target",
    type=click.Choice(_TAGS, case_sensitive=False),
    required=True,
    help="Language of the translation.",
)
@click.option(
    "--from",
    "source",
    type=click.Choice(("auto", *_TAGS), case_sensitive=False),
    default="auto",
    help="Language of the files; auto: detect it.",
)
@click.option("--html/--text", default=None, help="The files' format; default: by their names.")
@click.option(
    "--glossary",
    type=click.Path(path_type=Path),
    help="Terms and their translations: a TSV or CSV file of two columns.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each file.")
@click.pass_context
def translate(
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    target: LanguageTag,
    source: LanguageTag | Literal["auto"],
    html: bool | None,
    glossary: Path | None,
    as_json: bool,
) -> None:
    """Translate files, or standard input (-), without a server."""
    settings, wiring = quietly(ctx)
    terms = _glossary(glossary, source, target) if glossary else ()
    order = Order((), target, source, terms=terms, bare_zh=settings.bare_zh, field="text")
    failures = asyncio.run(
        _each(
            files or ("-",),
            read=partial(_order, order, html=html, limit=settings.translate_characters),
            open_=partial(wiring.open_translator, settings, progress=progress_on(sys.stderr)),
            work=_translate,
            show=_show_translated_json if as_json else _show_translated_text,
        )
    )
    ctx.exit(1 if failures else 0)


# ------------------------------------------------------------------ arguments


def _languages(given: Sequence[str]) -> tuple[LanguageTag, ...]:
    tags = [tag for argument in given for tag in argument.split(",") if tag]
    known: list[LanguageTag] = []
    for tag in tags:
        matches = [one for one in _TAGS if one == tag]
        if not matches:
            message = f"{tag!r} is not one of {', '.join(_TAGS)}"
            raise click.BadParameter(message, param_hint="--languages")
        known += matches
    return tuple(dict.fromkeys(known)) or _DEFAULT.languages


def _length(given: str) -> LengthName | SentenceCount:
    for name in _LENGTHS:
        if given == name:
            return name
    try:
        return msgspec.convert({"sentences": int(given)}, SentenceCount)
    except (ValueError, msgspec.ValidationError):
        message = f"{given!r} is neither one of {', '.join(_LENGTHS)} nor a number from 1 to 10"
        raise click.BadParameter(message, param_hint="--length") from None


def _glossary(
    path: Path, source: LanguageTag | Literal["auto"], target: LanguageTag
) -> tuple[Term, ...]:
    """Read the glossary at ``path``.

    Raises:
        InvalidInput: it cannot be used; the message names the file and the line.
    """
    other: LanguageTag = "zh" if language_of(target) == "en" else "en"
    try:
        return parse_glossary(
            _content(str(path)),
            source_language=other if source == "auto" else source,
            target_language=target,
            delimiter=_DELIMITERS.get(path.suffix.lower()),
        )
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}", field="glossary") from None


# ------------------------------------------------------------------ work


@dataclass(frozen=True)
class _ReadOptions:
    """How to read articles; if ``html`` is None, the file's name decides."""

    source: Literal["auto", "en", "zh"]
    title: str | None
    html: bool | None
    limit: int

    def article(self, name: str) -> Article:
        """Read the article in file ``name``.

        Raises:
            InputError: it cannot be used.
        """
        read = articles.from_html if _is_page(name, self.html) else articles.from_text
        return read(_content(name), limit=self.limit, title=self.title, source=self.source)


def _order(order: Order, name: str, *, html: bool | None, limit: int) -> Order:
    """Return ``order``, which has no texts yet, with the text of file ``name``. Line breaks are
    kept.

    Raises:
        InputError: the file cannot be used.
    """
    text = _content(name)
    if len(text) > limit:
        message = f"the text has {len(text)} characters; at most {limit} are accepted"
        raise TextTooLong(message, field="text")
    markup = "html" if _is_page(name, html) else ""
    return msgspec.structs.replace(order, texts=(text,), markup=markup)


def _is_page(name: str, html: bool | None) -> bool:
    return Path(name).suffix.lower() in _PAGES if html is None else html


def _content(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("is not UTF-8", field="text") from None
    except OSError as error:
        hint = "; separate languages with commas: --languages en,zh" if name in _TAGS else ""
        raise InvalidInput(f"{error.strerror or error}{hint}", field="text") from None


async def _each(
    names: Sequence[str],
    *,
    read: Callable[[str], Read],
    open_: Callable[[], AbstractAsyncContextManager[Opened]],
    work: Callable[[str, Read, Opened], Awaitable[Done]],
    show: Callable[[str, Done], None],
) -> int:
    """Work on one file after the other, and report those that fail; return how many did. ``open_``
    is called if any file can be read.
    """
    failures = 0
    readable: list[tuple[str, Read]] = []
    for name in names:
        try:
            readable.append((name, read(name)))
        except ServiceError as error:
            failures += _report(name, error)
    if not readable:
        return failures
    async with open_() as opened:
        for name, one in readable:
            try:
                done = await work(name, one, opened)
            except ServiceError as error:
                failures += _report(name, error)
            else:
                show(name, done)
    return failures


async def _summarize(
    options: BriefOptions, name: str, article: Article, briefs: Summarizes
) -> Summary:
    with _bar(name) as advance:
        return await briefs.summarize(article, options, progress=advance)


async def _translate(name: str, order: Order, translator: Translates) -> Translated:
    with _bar(name) as advance:
        return await translator.translate(
            order, progress=lambda share: advance(share, order.target)
        )


@contextmanager
def _bar(name: str) -> Iterator[Callable[[float, str], None]]:
    """Show a progress bar in the block; yields what updates it: called with the share and stage."""
    form = "{desc} {percentage:3.0f}%|{bar}| {elapsed} {postfix}"
    with tqdm(total=1.0, desc=name, file=sys.stderr, leave=False, bar_format=form) as bar:

        def advance(share: float, stage: str) -> None:
            bar.set_postfix_str(stage, refresh=False)
            bar.update(max(share - bar.n, 0.0))

        yield advance


def _show_text(name: str, summary: Summary) -> None:
    click.secho(f"{name} ({summary.source.language})", bold=True)
    for tag, brief in summary.briefs.items():
        click.echo(f"\n[{tag}]\n{brief.text}")
    for caution in summary.warnings:
        click.echo(f"{name}: warning: {caution.language}: {caution.message}", err=True)
    click.echo()


def _show_json(name: str, summary: Summary) -> None:  # noqa: ARG001
    click.echo(msgspec.json.encode(SummarizeAnswer.of(summary)))


def _show_translated_text(name: str, translated: Translated) -> None:
    [translation] = translated.translations
    click.echo(translation.text.encode(), nl=False)
    for warning in translation.warnings:
        click.echo(f"{name}: warning: {_in_one_line(warning)}", err=True)


def _show_translated_json(name: str, translated: Translated) -> None:  # noqa: ARG001
    [translation] = translated.translations
    shown = {
        "text": translation.text,
        "language": translation.language,
        "confidence": translation.confidence,
        "names": translation.names,
        "warnings": translation.warnings,
        "model": translated.model,
        "usage": translated.usage,
        "timings": translated.timings,
    }
    click.echo(msgspec.json.encode(shown))


def _in_one_line(warning: Warned) -> str:
    return " ".join(f"{warning.flag}: {warning.message}, in: {warning.source}".split())


def _report(name: str, error: ServiceError) -> int:
    click.echo(f"Error: {name}: {one_line(error)}", err=True)
    return 1
