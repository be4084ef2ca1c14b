"""``jianbao keys``: the API keys.

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
        click.BadParameter: one of them is not a route.
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
    """Create, list and revoke API keys (JIANBAO_KEYS_FILE). A running service notices at once."""


@keys.command()
@_name
@click.option(
    "--bare-zh", type=click.Choice(VARIANTS), help="The script that the caller means by a plain zh."
)
@click.option("--requests-per-minute", type=_a_minute, metavar="N", help="Default: unlimited.")
@click.option("--characters-per-minute", type=_a_minute, metavar="N", help="Default: unlimited.")
@click.option(
    "--routes",
    callback=_read_routes,
    metavar="ROUTE,...",
    help=f"Some of {', '.join(_ROUTES)}. Default: all.",
)
@click.option(
    "--priority",
    type=click.Choice(get_args(Priority)),
    default="normal",
    help="Requests of high priority go before normal ones, and these before low ones.",
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
    """Create a key for NAME and print it. It is not shown again."""
    grant = Grant(bare_zh, requests_per_minute, characters_per_minute, routes, priority)
    click.echo(add_key(_file(settings), name, grant))


@keys.command("list")
@click.pass_obj
def list_keys(settings: Settings) -> None:
    """List the keys by name, with what each means by a plain zh, and with its limits."""
    for key in read_keys(_file(settings)):
        limits = "".join(f"  {limit}" for limit in _limits(key))
        click.echo(f"{key.name}  {key.bare_zh or settings.bare_zh}{limits}")


def _limits(key: ApiKey) -> list[str]:
    limits = []
    if key.requests_per_minute:
        limits.append(f"{key.requests_per_minute} requests a minute")
    if key.characters_per_minute:
        limits.append(f"{key.characters_per_minute} characters a minute")
    if key.routes is not None:
        limits.append(",".join(key.routes))
    if key.priority != "normal":
        limits.append(key.priority)
    return limits


@keys.command()
@_name
@click.pass_obj
def revoke(settings: Settings, name: str) -> None:
    """Revoke the key of NAME."""
    revoke_key(_file(settings), name)


def _file(settings: Settings) -> Path:
    if settings.keys_file is None:
        raise SettingsError("set JIANBAO_KEYS_FILE to the file that will hold the keys")
    return settings.keys_file
