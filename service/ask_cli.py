"""``jianbao ask``: briefs and translations from a service that runs already, by its client."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast, get_args

import click
import msgspec

from jianbao import Client, JianbaoError, SummarizeAnswer, SummarizeOptions, TranslateOptions
from service.briefs.model import LengthName, Style
from service.documents.files import decode_text
from service.languages import LanguageTag
from service.wiring import quietly

_TAGS: tuple[LanguageTag, ...] = get_args(LanguageTag)
_PAGES: Final = {".html", ".htm", ".xhtml"}
_WEB: Final = ("http://", "https://")


@click.command()
@click.argument("articles", nargs=-1, metavar="[FILE|URL|-]...")
@click.option(
    "--service",
    "address",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Address of the service. It is shown the key JIANBAO_KEY, if there is one.",
)
@click.option(
    "--languages", default="en,zh", show_default=True, help=f"Of {', '.join(_TAGS)}, with commas."
)
@click.option("--style", type=click.Choice(get_args(Style)), help="Form of the briefs.")
@click.option("--length", type=click.Choice(get_args(LengthName)), help="Length of the briefs.")
@click.option("--glossary", help="Name of one of the service's glossaries.")
@click.option(
    "--to",
    "target",
    type=click.Choice(_TAGS, case_sensitive=False),
    help="Translate into this language instead.",
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each article.")
@click.pass_context
def ask(
    ctx: click.Context,
    /,
    *,
    articles: tuple[str, ...],
    address: str,
    languages: str,
    target: LanguageTag | None,
    as_json: bool,
    **options: str | None,
) -> None:
    """Have a running service summarize or translate files, pages or standard input (-). Several
    articles are handed in as one job, and shown as they are done.
    """
    settings, _ = quietly(ctx)
    names = articles or ("-",)
    wanted: dict[str, Any] = {name: value for name, value in options.items() if value}
    with _in_one_line(), Client(address, key=settings.key) as client:
        if target:
            glossary = {"glossary": wanted["glossary"]} if "glossary" in wanted else {}
            failures = 0
            for name in names:
                _translate(client, name, target, glossary, as_json=as_json)
        else:
            wanted["languages"] = languages.split(",")
            failures = _summarize(client, names, wanted, as_json=as_json)
    ctx.exit(1 if failures else 0)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except JianbaoError as error:
        raise click.ClickException(" ".join(str(error).split())) from error


def _read(name: str) -> dict[str, str]:
    """The article as the fields of a request."""
    if name.startswith(_WEB):
        return {"url": name}
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}") from None
    return {"html" if Path(name).suffix.lower() in _PAGES else "text": decode_text(content)}


def _summarize(
    client: Client, names: Sequence[str], wanted: dict[str, Any], *, as_json: bool
) -> int:
    """Show the briefs of all; return how many there are none of."""
    if len(names) == 1:
        answer = client.summarize(**cast("SummarizeOptions", _read(names[0]) | wanted))
        _show_briefs(names[0], answer, as_json=as_json)
        return 0
    job = client.batch({**_read(name), **wanted, "id": name[-200:]} for name in names)
    failures = 0
    for one in client.jobs.results(job.id):
        name = names[one.line - 1]
        if one.result:
            _show_briefs(name, one.result, as_json=as_json)
        else:
            failures += 1
            click.echo(f"Error: {name}: {one.problem and one.problem.detail}", err=True)
    return failures


def _show_briefs(name: str, answer: SummarizeAnswer, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(answer))
        return
    click.secho(f"{name} ({answer.source.language})", bold=True)
    for tag, brief in answer.summaries.items():
        click.echo(f"\n[{tag}]\n{brief.text}")
    _warn(name, (f"{one.language}: {one.message}" for one in answer.warnings))
    click.echo()


def _translate(
    client: Client, name: str, target: LanguageTag, options: dict[str, Any], *, as_json: bool
) -> None:
    fields = _read(name)
    if "url" in fields:
        raise click.ClickException(f"{name}: pages are summarized, not translated")
    markup, text = fields.popitem()
    wanted = cast("TranslateOptions", {"format": markup, **options})
    translation = client.translate(text, target, **wanted)
    click.echo(msgspec.json.encode(translation) if as_json else translation.text, nl=as_json)
    _warn(name, (f"{one.flag}: {one.message}, in: {one.source}" for one in translation.warnings))


def _warn(name: str, messages: Iterable[str]) -> None:
    for message in messages:
        click.echo(f"{name}: warning: {' '.join(message.split())}", err=True)
