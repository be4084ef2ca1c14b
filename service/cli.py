"""The command line: ``jianbao serve | summarize | translate | models | keys``."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import click
import msgspec
from tqdm import tqdm

from service import __version__, logs
from service.briefs import articles
from service.briefs.model import Article, LengthName, Method, SentenceCount, Style, Summary, Wish
from service.briefs.summarize import Summarizes
from service.errors import InvalidInput, ServiceError, TextTooLong
from service.keys_cli import keys
from service.languages import LanguageTag, language_of
from service.lineups.cli import check, compare, report
from service.settings import Settings, load_settings
from service.translation.model import Order, Term, Translated, Translates, Warned
from service.translation.terms import parse_glossary
from service.web.schemas import SummarizeAnswer
from service.weights.cli import models
from service.weights.progress import progress_on
from service.wiring import WIRING, Wiring, quietly

_TAGS: tuple[LanguageTag, ...] = get_args(LanguageTag)
_LENGTHS: tuple[LengthName, ...] = get_args(LengthName)
_PAGES = {".html", ".htm", ".xhtml"}
_DELIMITERS = {".tsv": "\t", ".csv": ","}
_DEFAULT = Wish()

Domain = TypeVar("Domain")
Read = TypeVar("Read")
Done = TypeVar("Done")


def main() -> None:
    """Run the console script."""
    cli()


class _Group(click.Group):
    """Ends with one line and status 1 on what Jianbao raises on purpose."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ServiceError as error:
            raise click.ClickException(_one_line(error)) from error


class _Spreading(click.Command):
    """A command whose ``--languages`` takes several values: ``--languages en zh``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread(args, "--languages", _TAGS))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jianbao")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Jianbao: briefs of news articles, and translations, in English and in Chinese."""
    wiring = ctx.obj or Wiring(os.environ)
    settings = load_settings(wiring.environ)
    logs.configure(settings.log_level, process="web")
    ctx.meta[WIRING] = wiring
    ctx.obj = settings  # what the groups of the weights and the keys expect


models.add_command(check)
models.add_command(compare)
models.add_command(report)
cli.add_command(models)
cli.add_command(keys)


@cli.command()
@click.option("--host", help="Address to listen on (JIANBAO_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0: a free one (JIANBAO_PORT).")
@click.pass_context
def serve(ctx: click.Context, host: str | None, port: int | None) -> None:
    """Serve HTTP until SIGTERM."""
    settings: Settings = ctx.obj
    settings = msgspec.structs.replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    wiring: Wiring = ctx.meta[WIRING]
    ctx.exit(wiring.serve(settings, announce=click.echo, progress=progress_on(sys.stderr)))


@cli.command(cls=_Spreading)
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option(
    "--languages",
    multiple=True,
    metavar="TAG...",
    help=f"Languages of the briefs ({', '.join(_TAGS)}); default: en zh.",
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
    help="The article's own sentences, or a model's; auto: as the lineup's entry says.",
)
@click.option(
    "--source",
    type=click.Choice(get_args(articles.Source)),
    default="auto",
    help="Language of the articles; auto: found out.",
)
@click.option("--title", help="The headline, if it is not in the text.")
@click.option("--html/--text", default=None, help="How to read it; default: by the file's name.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each article.")
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
    wish = Wish(
        _languages(languages), style, _length(length), bare_zh=settings.bare_zh, method=method
    )
    reading = _Reading(source, title, html, settings.max_article_characters)
    failures = asyncio.run(
        _each(
            files or ("-",),
            read=reading.article,
            domain=partial(wiring.open_briefs, settings, progress=progress_on(sys.stderr)),
            work=partial(_summarize, wish),
            show=_show_json if as_json else _show_text,
        )
    )
    ctx.exit(1 if failures else 0)


@cli.command()
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
    help="Language of the files; auto: found out.",
)
@click.option("--html/--text", default=None, help="How to read it; default: by the file's name.")
@click.option(
    "--glossary",
    type=click.Path(path_type=Path),
    help="What terms become: a TSV or CSV file of two columns.",
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each file.")
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
            domain=partial(wiring.open_translator, settings, progress=progress_on(sys.stderr)),
            work=_translate,
            show=_show_translated_json if as_json else _show_translated_text,
        )
    )
    ctx.exit(1 if failures else 0)


# ------------------------------------------------------------------ arguments


def spread(args: Sequence[str], option: str, values: Collection[str]) -> list[str]:
    """Repeat ``option`` before each of its values: ``--x a b`` becomes ``--x a --x b``.

    What follows the first value belongs to the option for as long as it is one of ``values``.
    """
    spread: list[str] = []
    collecting = False
    for position, argument in enumerate(args):
        if argument == "--":
            return [*spread, *args[position:]]
        first = position > 0 and args[position - 1] == option
        if collecting and not first and argument in values:
            spread.append(option)
        elif not first:
            collecting = argument == option
        spread.append(argument)
    return spread


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
        InvalidInput: it cannot be used; the text names the file and the line.
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
class _Reading:
    """How articles are read; ``html`` None goes by the file's name."""

    source: Literal["auto", "en", "zh"]
    title: str | None
    html: bool | None
    limit: int

    def article(self, name: str) -> Article:
        """Read one.

        Raises:
            InputError: it cannot be used.
        """
        read = articles.from_html if _is_page(name, self.html) else articles.from_text
        return read(_content(name), limit=self.limit, title=self.title, source=self.source)


def _order(order: Order, name: str, *, html: bool | None, limit: int) -> Order:
    """Order the file as ``order`` orders nothing yet. Its line breaks stay as they are.

    Raises:
        InputError: it cannot be used.
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
        raise InvalidInput(error.strerror or str(error), field="text") from None


async def _each(
    names: Sequence[str],
    *,
    read: Callable[[str], Read],
    domain: Callable[[], AbstractAsyncContextManager[Domain]],
    work: Callable[[str, Read, Domain], Awaitable[Done]],
    show: Callable[[str, Done], None],
) -> int:
    """Do one after the other; return how many failed, each having said why. The domain is opened
    if there is something for it.
    """
    failures = 0
    readable: list[tuple[str, Read]] = []
    for name in names:
        try:
            readable.append((name, read(name)))
        except ServiceError as error:
            failures += _complain(name, error)
    if not readable:
        return failures
    async with domain() as opened:
        for name, one in readable:
            try:
                done = await work(name, one, opened)
            except ServiceError as error:
                failures += _complain(name, error)
            else:
                show(name, done)
    return failures


async def _summarize(wish: Wish, name: str, article: Article, briefs: Summarizes) -> Summary:
    with _bar(name) as advance:
        return await briefs.summarize(article, wish, progress=advance)


async def _translate(name: str, order: Order, translator: Translates) -> Translated:
    with _bar(name) as advance:
        return await translator.translate(
            order, progress=lambda share: advance(share, order.target)
        )


@contextmanager
def _bar(name: str) -> Iterator[Callable[[float, str], None]]:
    """Show a bar until the block ends; yields what takes the share done and the stage."""
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


def _complain(name: str, error: ServiceError) -> int:
    click.echo(f"Error: {name}: {_one_line(error)}", err=True)
    return 1


def _one_line(error: ServiceError) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    main()
