"""``jianbao models``: lists the catalogue's models, and fetches and verifies their weights.

The group expects :class:`~service.settings.Settings` as ``ctx.obj``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

import click

from service.errors import WeightsError
from service.settings import Settings
from service.weights.catalogue import (
    TASKS,
    Catalogue,
    Model,
    load_catalogue,
    packaged_catalogue,
)
from service.weights.progress import format_bytes, progress_on
from service.weights.store import Store, open_store

P = ParamSpec("P")

_HEADER = ("NAME", "STATE", "SIZE", "PINNED", "MEASURED", "LICENCE", "SERVES")
_PINS = {"digest": "digest", "revision": "revision", "none": "no", "local": "local"}


class CommandContext:
    """The catalogue and the store that a command uses."""

    def __init__(self, settings: Settings) -> None:
        self.catalogue: Catalogue = load_catalogue(settings.catalog_path)
        self.store: Store = open_store(settings, progress_on(sys.stderr))
        self._lineup = settings.lineup

    def chosen(self, name: str | None, lineup: str | None) -> Sequence[Model]:
        """Return the named model, or the models of the lineup (by default, the one that serves)."""
        if name is not None and lineup is not None:
            raise click.UsageError("give a NAME or --lineup, not both")
        if name is not None:
            return [self.catalogue.model(name)]
        return self.catalogue.lineup(lineup or self._lineup).models


def _command(
    function: Callable[Concatenate[CommandContext, P], None],
) -> Callable[Concatenate[Settings, P], None]:
    """Pass the context; on a :class:`WeightsError`, print one line and exit with status 1."""

    @wraps(function)
    def run(settings: Settings, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(CommandContext(settings), *args, **kwargs)
        except WeightsError as error:
            raise click.ClickException(" ".join(str(error).split())) from error

    return run


_name = click.argument("name", required=False)
_lineup = click.option("--lineup", metavar="L", help="All models of this lineup.")


@click.group()
def models() -> None:
    """List, fetch and check the weights."""


@models.command("list")
@click.pass_obj
@_command
def list_models(context: CommandContext) -> None:
    """Show every model of the catalogue, and whether it has been fetched."""
    rows = [_HEADER, *(_row(context, model) for model in context.catalogue.models.values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@models.command()
@_name
@_lineup
@click.pass_obj
@_command
def pull(context: CommandContext, name: str | None, lineup: str | None) -> None:
    """Fetch and verify a model or a lineup (by default, the one that serves)."""
    for model in context.chosen(name, lineup):
        click.echo(context.store.ensure(model))


@models.command()
@_name
@_lineup
@click.pass_obj
@_command
def verify(context: CommandContext, name: str | None, lineup: str | None) -> None:
    """Check the digests of a model or a lineup again."""
    for model in context.chosen(name, lineup):
        context.store.verify(model)
        click.echo(f"{model.name}: ok")


@models.command()
@_name
@_lineup
@click.pass_obj
@_command
def path(context: CommandContext, name: str | None, lineup: str | None) -> None:
    """Print the path of the weights; fail if they have not been fetched."""
    for model in context.chosen(name, lineup):
        place = context.store.path(model)
        if place is None:
            raise WeightsError(
                f"{model.name} has not been fetched; run: jianbao models pull {model.name}"
            )
        click.echo(place)


@models.command()
def catalog() -> None:
    """Print the catalogue that comes with Jianbao, as a start for your own."""
    click.echo(packaged_catalogue(), nl=False)


def _row(context: CommandContext, model: Model) -> tuple[str, ...]:
    size = context.store.size(model)
    return (
        model.name,
        "absent" if context.store.path(model) is None else "present",
        "?" if size is None else format_bytes(size),
        _PINS[model.pin],
        "yes" if model.measured else "no",
        model.licence + ("" if model.commercial_use else " (non-commercial)"),
        _serves(context.catalogue, model),
    )


def _serves(catalogue: Catalogue, model: Model) -> str:
    """Return the tasks for which any lineup uses the model."""
    tasks = {
        task
        for lineup in catalogue.lineups.values()
        for task, server in lineup.tasks.items()
        if server.name == model.name
    }
    return "all tasks" if len(tasks) == len(TASKS) else " ".join(sorted(tasks)) or "-"
