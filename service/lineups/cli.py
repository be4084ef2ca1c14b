"""``jianbao models check | compare | report``: which lineup to take.

The commands expect :class:`~service.settings.Settings` as ``ctx.obj``; ``compare`` wants the
:class:`~service.wiring.Wiring` as well.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

import click
import msgspec

from service.lineups import comparing, reading
from service.lineups.checks import check_lineup
from service.settings import Settings
from service.weights.catalogue import load_catalogue
from service.weights.progress import format_bytes, progress_on
from service.weights.store import open_store
from service.wiring import quietly

_SEEDS = Path("seeds")
_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("lineup", required=False)
@click.pass_obj
def check(settings: Settings, lineup: str | None) -> None:
    """Check a lineup without a network (by default, the one that serves).

    Pins, licences, prompts, engines, and of the files that are here sizes, digests and headers.
    Changes nothing; fails if something is wrong.
    """
    chosen = load_catalogue(settings.catalog_path).lineup(lineup or settings.lineup)
    store = open_store(settings)
    click.echo(f"{chosen.name}: {chosen.description}")
    wrong = 0
    for finding in check_lineup(chosen, store, settings):
        wrong += finding.state == "wrong"
        click.echo(f"{finding.state:6}  {finding.model}: {finding.text}")
    if wrong:
        raise click.ClickException(f"{wrong} of these will not work")


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--articles", type=_folder, help="Folder of .txt and .html articles; default: seeds.")
@click.option(
    "--pairs", type=_file, help="TSV file of sentences and their human translations; no seeds then."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("compared"),
    show_default=True,
    help="Folder for what readers are given.",
)
@click.option("--readers", type=click.IntRange(min=1), default=2, show_default=True)
@click.pass_context
def compare(
    ctx: click.Context,
    *,
    first: str,
    second: str,
    articles: Path | None,
    pairs: Path | None,
    out: Path,
    readers: int,
) -> None:
    """Have two lineups brief and translate the same articles.

    Weights that are missing are fetched. Prints what can be counted, and writes packs for readers,
    without saying which lineup made what: what is true, only they can judge. NAME.ref.txt beside
    NAME.txt is taken for a human translation, and scored against, as are the second columns of
    --pairs.
    """
    settings, wiring = quietly(ctx)
    if first == second:
        raise click.UsageError("give two lineups")
    if articles is None and pairs is None:
        if not _SEEDS.is_dir():
            raise click.UsageError("say where articles are: --articles FOLDER")
        articles = _SEEDS
    limit = settings.max_article_characters
    pieces = comparing.read_pieces(articles, limit=limit) if articles else []
    lines = comparing.read_pairs(pairs) if pairs else []
    catalogue = load_catalogue(settings.catalog_path)
    works = {}
    for lineup in (catalogue.lineup(first), catalogue.lineup(second)):
        size = "" if lineup.download_bytes is None else f" ({format_bytes(lineup.download_bytes)})"
        click.echo(f"{lineup.name}{size}: {len(pieces)} articles, {len(lines)} pairs", err=True)
        opened = wiring.open_lineup(
            msgspec.structs.replace(settings, lineup=lineup.name), progress=progress_on(sys.stderr)
        )
        complain = partial(click.echo, err=True)
        works[lineup.name] = asyncio.run(
            comparing.make_all(pieces, lines, opened, complain=complain)
        )
    known = comparing.for_readers(pieces, lines, works)
    if not known:
        raise click.ClickException("nothing was done by both")
    out.mkdir(parents=True, exist_ok=True)
    comparing.write_known(known, out / "briefs.json")
    reading.write_packs(known, out, readers=readers, twice=3)
    click.echo("\n".join(comparing.table(works)))
    click.echo(
        f"\nFor readers: {out}/pack-0.json and on, without key.json. Their answers, a line of JSON "
        f"for each text, go to: jianbao models report --key {out}/key.json GRADES.jsonl"
    )


@click.command()
@click.argument("grades", type=_file, nargs=-1, required=True)
@click.option("--key", type=_file, help="The packs' key.json, if readers gave letters.")
def report(*, grades: tuple[Path, ...], key: Path | None) -> None:
    """Table what readers said of the packs that ``compare`` wrote."""
    click.echo("\n".join(reading.report(reading.read_grades(grades, key))))
