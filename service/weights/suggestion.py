"""A better lineup than the one that serves, if the hub has it: announced, never fetched."""

from __future__ import annotations

import logging

from service.errors import WeightsError
from service.settings import Settings
from service.weights.catalogue import Lineup, load_catalogue
from service.weights.hub import Hub, RetryPolicy
from service.weights.progress import format_bytes
from service.weights.sources import SourceFailed
from service.weights.store import open_store

log = logging.getLogger(__name__)

_RETRY_POLICY = RetryPolicy(connect=2.0, read=5.0, retries=0)


def suggest_lineup(settings: Settings) -> str:
    """Return the notice of a better lineup for the operator; empty if there is none: it is not
    wanted, the catalogue knows of none, its weights are here already, the store cannot be read
    (that is logged), or the hub does not answer for each of its models. Asks the hub for listings
    alone; takes seconds at most.
    """
    if not settings.suggest_lineup or settings.hf_hub_offline or settings.engine == "remote":
        return ""
    try:
        catalogue = load_catalogue(settings.catalog_path)
        better = catalogue.lineups.get(catalogue.lineup(settings.lineup).better)
        store = open_store(settings)
        if better is None or all(store.path(model) for model in better.models):
            return ""
        size = _size(better, settings)
    except (WeightsError, SourceFailed):
        return ""
    except OSError as error:
        log.warning("no better lineup is looked for: %s", error)
        return ""
    return (
        f"The hub has what another lineup needs, {better.name} ({size}): {better.description}.\n"
        f"  What it is: jianbao models check {better.name}\n"
        f"  To serve it: JIANBAO_LINEUP={better.name}\n"
        "  To stop this notice: JIANBAO_SUGGEST_LINEUP=0"
    )


def _size(lineup: Lineup, settings: Settings) -> str:
    """The size of all files that the lineup needs, once the hub has said that it has them.

    Raises:
        SourceFailed: it cannot be reached, or has not.
    """
    hub = Hub(settings.hf_endpoint, token=settings.hf_token, retry_policy=_RETRY_POLICY)
    total = 0
    for model in lineup.models:
        if model.path is not None:
            continue
        listed = sum(file.size for file in hub.listing(model).files)
        total += model.download_bytes or listed
    return format_bytes(total)
