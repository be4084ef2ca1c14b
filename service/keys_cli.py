"""``jianbao keys``: who may call.

The group expects :class:`~service.settings.Settings` as ``ctx.obj``.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click
import msgspec

from service.errors import SettingsError
from service.keys import ApiKey, Grant, Route, add_key, read_keys, revoke_key
from service.settings import Settings
from service.tasks import Priority
from service.text.scripts import VARIANTS, Variant

_ROUTES: tuple[Route, ...] = get_args(Route)

_name = click.argument("name")
_a_minute = click.IntRange(min=1)


def _read_routes(
    _: click.Context, parameter: click.Parameter, given: str | None
) -> tuple[Route, ...] | None:
    """Read ``summarize,translate``.

    Raises:
        click.BadParameter: one of them is no route.
    """
    if given is None:
        return None
    try:
        names = dict.fromkeys(one.strip() for one in given.split(","))
        return msgspec.convert(tuple(names), tuple[Route, ...])
    except msgspec.ValidationError:
        message = f"expected some of {', '.join(_ROUTES)}, separated by commas"
        raise click.BadParameter(message, param=parameter) from None


@click.group()
def keys() -> None:
    """Give out, list and revoke API keys (JIANBAO_KEYS_FILE). A running service sees it at once."""


@keys.command()
@_name
@click.option("--bare-zh", type=click.Choice(VARIANTS), help="What the caller means by a plain zh.")
@click.option("--requests-per-minute", type=_a_minute, metavar="N", help="Without: any number.")
@click.option("--characters-per-minute", type=_a_minute, metavar="N", help="Without: any number.")
@click.option(
    "--routes",
    callback=_read_routes,
    metavar="ROUTE,...",
    help=f"Some of {', '.join(_ROUTES)}. Without: all.",
)
@click.option(
    "--priority",
    type=click.Choice(get_args(Priority)),
    default="normal",
    help="high goes before normal, and normal before low.",
)
@click.pass_obj
def add(
    settings: Settings,
    name: str,
    *,
    bare_zh: Variant | None,
    requests_per_minute: int | None,
    characters_per_minute: int | None,
    routes: tuple[Route, ...] | None,
    priority: Priority,
) -> None:
    """Make a key for NAME and print it, this once."""
    grant = Grant(bare_zh, requests_per_minute, characters_per_minute, routes, priority)
    click.echo(add_key(_file(settings), name, grant))


@keys.command("list")
@click.pass_obj
def list_keys(settings: Settings) -> None:
    """Show the names, what each means by a plain zh, and what it is kept to."""
    for key in read_keys(_file(settings)):
        kept = "".join(f"  {one}" for one in _kept_to(key))
        click.echo(f"{key.name}  {key.bare_zh or settings.bare_zh}{kept}")


def _kept_to(key: ApiKey) -> list[str]:
    kept = []
    if key.requests_per_minute:
        kept.append(f"{key.requests_per_minute} requests a minute")
    if key.characters_per_minute:
        kept.append(f"{key.characters_per_minute} characters a minute")
    if key.routes is not None:
        kept.append(",".join(key.routes))
    if key.priority != "normal":
        kept.append(key.priority)
    return kept


@keys.command()
@_name
@click.pass_obj
def revoke(settings: Settings, name: str) -> None:
    """Refuse the key of NAME from now on."""
    revoke_key(_file(settings), name)


def _file(settings: Settings) -> Path:
    if settings.keys_file is None:
        raise SettingsError("set JIANBAO_KEYS_FILE to the file that is to hold the keys")
    return settings.keys_file
