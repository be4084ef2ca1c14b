"""``jianbao keys``: who may call.

The group expects :class:`~service.settings.Settings` as ``ctx.obj``.
"""

from __future__ import annotations

from pathlib import Path

import click

from service.errors import SettingsError
from service.keys import add_key, read_keys, revoke_key
from service.settings import Settings
from service.text.scripts import VARIANTS, Variant

_name = click.argument("name")


@click.group()
def keys() -> None:
    """Give out, list and revoke API keys (JIANBAO_KEYS_FILE). A running service sees it at once."""


@keys.command()
@_name
@click.option("--bare-zh", type=click.Choice(VARIANTS), help="What the caller means by a plain zh.")
@click.pass_obj
def add(settings: Settings, name: str, bare_zh: Variant | None) -> None:
    """Make a key for NAME and print it, this once."""
    click.echo(add_key(_file(settings), name, bare_zh))


@keys.command("list")
@click.pass_obj
def list_keys(settings: Settings) -> None:
    """Show the names, and what each means by a plain zh."""
    for key in read_keys(_file(settings)):
        click.echo(f"{key.name}  {key.bare_zh or settings.bare_zh}")


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
