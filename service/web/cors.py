"""Which pages of other origins may call the service, and which headers they may send and read."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.config.cors import CORSConfig

_SENT = (
    "Accept",
    "Authorization",  # a wildcard would not cover it
    "Cache-Control",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Prefer",
    "traceparent",
    "X-Request-Id",
)
_SEEN = (
    "Cache-Status",
    "ETag",
    "Location",
    "Preference-Applied",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "traceparent",
    "X-Job-Id",
    "X-Request-Id",
)


def cors_config(origins: Sequence[str]) -> CORSConfig | None:
    """Allow pages of ``origins`` to call; None if there are none. Cookies are never used."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE", "OPTIONS"],
        allow_headers=list(_SENT),
        expose_headers=list(_SEEN),
    )
