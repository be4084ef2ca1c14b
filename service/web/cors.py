"""Which pages of other origins may call, and what they may send and see."""

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
    """Let pages of ``origins`` call; None if there are none. No cookie is ever asked for."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE", "OPTIONS"],
        allow_headers=list(_SENT),
        expose_headers=list(_SEEN),
    )
