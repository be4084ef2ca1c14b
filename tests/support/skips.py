"""Which tests may be skipped where everything that tests need has been installed.

``SKIPS_FAIL=1``, which ``.ci/run`` sets, makes every other skip a failure: a package that was
not installed is an error there, while a developer's machine may do without it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

VARIABLE = "SKIPS_FAIL"
_OTHER_MACHINES = (
    "root may read everything",
    "only root may give files away",
    "it takes root to become another user",
    "a process may have too few files here",
    "huggingface_hub refuses to speak at all",
    "the history of this repository does not reach to",
    "a GPU computes in bfloat16",
    "needs another CPython 3.11",
    "there is no build of llama.cpp for this machine",
)
"""Parts of reasons that are about the machine itself, not about what could be installed on it."""


def may_skip(reason: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a test may be skipped for this reason."""
    return not environ.get(VARIABLE) or any(other in reason for other in _OTHER_MACHINES)
