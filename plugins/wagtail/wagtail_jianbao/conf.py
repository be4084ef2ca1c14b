"""Where the service is and what it is shown: environment, Django's settings, the site's settings.

``WAGTAIL_JIANBAO_URL`` in the environment goes before ``WAGTAIL_JIANBAO["URL"]`` in Django's
settings, and that before what an administrator typed; the same for ``API_KEY`` and
``WEBHOOK_SECRET``. The prefix is not ``JIANBAO_``: the service refuses to start with variables of
that prefix which it does not know.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings

from wagtail_jianbao.errors import NotConfigured

if TYPE_CHECKING:
    from wagtail_jianbao.models import JianbaoSettings

NAMES = ("URL", "API_KEY", "WEBHOOK_SECRET", "CALLBACK_BASE_URL")
DEFAULT_TIMEOUT = 300
DEFAULT_WAIT = 8
DEFAULT_PATIENCE = 6


@dataclass(frozen=True)
class Connection:
    """A service: its address, the key, the secret of its webhooks (secrets are not shown by
    ``repr``), the seconds that a brief may take, and the address at which the service reaches the
    site, empty where it cannot. The service may hold a request for ``wait`` seconds before it makes
    a job of it, and beyond that has ``patience`` seconds to answer: together shorter than what web
    servers and proxies before the site allow.
    """

    url: str
    api_key: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    timeout: int = DEFAULT_TIMEOUT
    callback_base_url: str = ""
    wait: int = DEFAULT_WAIT
    patience: float = DEFAULT_PATIENCE


def configured(name: str) -> str | None:
    """What the environment or Django's settings say of ``name``, one of ``NAMES``."""
    return os.environ.get(f"WAGTAIL_JIANBAO_{name}") or option(name, None)


def option(name: str, default: Any) -> Any:
    """What ``WAGTAIL_JIANBAO`` in Django's settings has under ``name``."""
    return getattr(settings, "WAGTAIL_JIANBAO", {}).get(name, default)


def connection_of(stored: JianbaoSettings | None) -> Connection:
    """Return the service of a site; without ``stored`` settings, of configuration alone.

    Raises:
        NotConfigured: there is no address, or none that can be used.
    """
    values = {
        name: configured(name) or (getattr(stored, name.lower(), "") if stored else "") or ""
        for name in NAMES
    }
    return Connection(
        url=checked_url(values["URL"]),
        api_key=values["API_KEY"],
        webhook_secret=values["WEBHOOK_SECRET"],
        timeout=stored.timeout if stored else DEFAULT_TIMEOUT,
        callback_base_url=values["CALLBACK_BASE_URL"].rstrip("/"),
        wait=option("WAIT", DEFAULT_WAIT),
        patience=option("PATIENCE", DEFAULT_PATIENCE),
    )


def checked_url(url: str) -> str:
    """Return the address without a slash at its end.

    Raises:
        NotConfigured: it is empty, or no address of HTTP.
    """
    try:
        read = httpx.URL(url.strip())
    except httpx.InvalidURL:
        raise NotConfigured("the address cannot be read") from None
    if read.scheme not in ("http", "https") or not read.host:
        raise NotConfigured("the address does not begin with http:// or https://" if url else "")
    return url.strip().rstrip("/")
