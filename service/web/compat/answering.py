"""Translates for the clients of other services."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request

from service.translation.model import Order, Translated, Translates
from service.web.disconnects import while_connected
from service.web.preferences import Preferences
from service.web.summarize import in_time


async def answer_in_time(
    request: Request[Any, Any, Any], translator: Translates, order: Order, *, deadline: float
) -> tuple[Translated, dict[str, str]]:
    """Translate within the operator's ``deadline`` (seconds), or ``Prefer: wait=N`` if that is
    less. Closing the connection cancels the work; the request's body must have been read.

    Return the translation and the headers that state the applied preference.

    Raises:
        DeadlineExceeded: the translation took longer.
        ClientGone: the client left.
        Whatever the translator raises.
    """
    asked = Preferences.read(request.headers)
    seconds = asked.seconds(deadline)

    async def work() -> Translated:
        with in_time(seconds):
            async with asyncio.timeout(seconds):
                return await translator.translate(order, timeout=seconds)

    translated = await while_connected(request, work())
    applied = {} if asked.wait is None else {"Preference-Applied": f"wait={seconds:g}"}
    return translated, applied
