"""What an operator sets for the remote engine."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(gt=0)]


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``EngineConfig.extra`` of a remote engine."""

    urls: str
    """Addresses of the servers, separated by commas."""
    model: str = ""
    """The servers' name of the model; empty: the first that each lists."""
    api_key: str = ""
    """Sent as a bearer token, never logged."""
    grammar: Literal["auto", "vllm", "vllm-guided", "sglang", "llamacpp", "none"] = "auto"
    """The field that carries grammars; ``auto`` tries what the server may know."""
    silence: Seconds = 120.0
    """A server that sends nothing for so many seconds has failed."""
    total: Seconds = 300.0
    """A request that has no answer after so many seconds fails, retries included."""
    connect: Seconds = 5.0
    """Seconds to connect within."""
    attempts: Annotated[int, Meta(ge=1)] = 5
    """How often a request is sent at most."""
    failures: Annotated[int, Meta(ge=1)] = 3
    """Failures in a row after which a server is given no more requests."""
    pause: Seconds = 0.5
    """Seconds before the first retry, and the first trial of a failed server; both double."""
    check: Seconds = 5.0
    """Seconds between looks at a server that is well."""

    def __repr__(self) -> str:
        """Leave the key out, wherever this is printed."""
        return f"Options(urls={self.urls!r}, model={self.model!r}, grammar={self.grammar!r})"
