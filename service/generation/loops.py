"""Detects output in which a model repeats itself until its token limit."""

from __future__ import annotations

import re

_PERIOD, _TIMES = 40, 6
"""Characters of the longest phrase that is looked for, and how often it must be repeated."""
_LOOP = re.compile(rf"(.{{1,{_PERIOD}}}?)\1{{{_TIMES - 1},}}\Z", re.DOTALL)
_SHORTEST = 16
"""Characters of the shortest loop: six dots in a row are not one."""
_TAIL = 256
"""Characters at the end of the text that are searched."""


def loop_start(written: str) -> int | None:
    """Where ``written`` begins to repeat one phrase, six times or more, up to its end; None if it
    does not.
    """
    tail = written[-_TAIL:]
    # The expression is slow, and this is called for every word: rule most texts out first.
    if not any(tail.endswith(tail[-period:] * _TIMES) for period in range(1, _PERIOD + 1)):
        return None
    loop = _LOOP.search(written, max(0, len(written) - _TAIL))
    return loop.start() if loop and len(loop[0]) >= _SHORTEST else None
