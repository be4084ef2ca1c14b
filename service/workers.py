"""Threads for work on texts that would hold up the event loop.

While the loop runs Python, no other request is answered, and no probe. Whatever takes longer than
about 20 ms for the longest text that is accepted is done here: grammars, reviews, sentences.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREAD_NAME = "texts"
THREADS = 2
"""One that may be busy with a long text, and one for the others. More would gain nothing, as they
share the interpreter, and each makes the event loop wait longer for its turn."""
_TURN_SECONDS = 0.001
"""How long a thread keeps the interpreter while another one wants it. The event loop gives it up
and has to wait for it with every message that it reads or writes."""


class Workers:
    """A few threads that all requests share; they start when they are first needed. All threads of
    the process then take shorter turns.
    """

    def __init__(self, threads: int = THREADS) -> None:
        sys.setswitchinterval(min(_TURN_SECONDS, sys.getswitchinterval()))
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=THREAD_NAME)

    def lane(self) -> Lane:
        """Return a way to the threads for one request."""
        return Lane(self._executor)

    def close(self) -> None:
        """Take no more work, and drop what has not begun."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class Lane:
    """Does one request's work piece by piece, in the order in which it is asked for: the hundreds
    of pieces of a long article do not stand before the one of another request.
    """

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self._turn = asyncio.Lock()

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``function`` in a thread, with the context variables of the caller. What has begun
        goes on when the caller is cancelled, but its result is dropped.

        Raises whatever the function raises.
        """
        call = partial(contextvars.copy_context().run, function, *args, **kwargs)
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._executor, call)
