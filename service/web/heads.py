"""HEAD, which Litestar does not derive from GET."""

from __future__ import annotations

from typing import cast

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send


def has_head(path: str) -> bool:
    """Whether HEAD is answered at a path that answers GET: everywhere but at jobs, whose results
    may stream for hours.
    """
    return not path.startswith("/jobs/")


def headed(app: ASGIApp) -> ASGIApp:
    """Answer HEAD like GET, without the body, at every path that :func:`has_head`."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        request = cast("HTTPScope", scope)
        if request.get("method") != "HEAD" or not has_head(request["path"]):
            await app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # the router notes its route in this very scope, which is read for logs and metrics
        request["method"] = "GET"
        try:
            await app(scope, receive, send_head)
        finally:
            request["method"] = "HEAD"

    return handle
