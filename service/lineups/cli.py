"""``jianbao models check``: does a lineup hold together?

The command expects :class:`~service.settings.Settings` as ``ctx.obj``.
"""

from __future__ import annotations

import click

from service.lineups.checks import check_lineup
from service.settings import Settings
from service.weights.catalogue import load_catalogue
from service.weights.store import open_store


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
