"""The command line: ``jianbao serve | ask | summarize | translate | models | keys``."""

from __future__ import annotations

import os
import sys
from typing import Any

import click
import msgspec

from service import __version__, logs
from service.ask_cli import ask
from service.errors import ServiceError
from service.files_cli import summarize, translate
from service.keys_cli import keys
from service.lineups.cli import check, compare, report
from service.settings import Settings, load_settings
from service.weights.cli import models
from service.weights.progress import progress_on
from service.wiring import WIRING, Wiring, one_line


def main() -> None:
    """Run the console script."""
    cli()


class _Group(click.Group):
    """Prints one line, and exits with status 1, for errors that Jianbao raises itself."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ServiceError as error:
            raise click.ClickException(one_line(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jianbao")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Jianbao: briefs of news articles, and translations, in English and in Chinese."""
    wiring = ctx.obj or Wiring(os.environ)
    settings = load_settings(wiring.environ)
    logs.configure(settings.log_level, process="web")
    ctx.meta[WIRING] = wiring
    ctx.obj = settings  # the groups `models` and `keys` expect it there


models.add_command(check)
models.add_command(compare)
models.add_command(report)
for command in (ask, summarize, translate, models, keys):
    cli.add_command(command)


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


if __name__ == "__main__":
    main()
