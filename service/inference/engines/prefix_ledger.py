"""What a prefix cache that keeps its own counsel must hold, by the rule that it works by."""

from __future__ import annotations

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence


class PrefixLedger:
    """Follows a cache of keys and values that is kept in blocks of ``block_tokens`` tokens, each
    known by its tokens and all before them, ``blocks`` in all, those used longest ago given up
    first.

    What it says is an estimate from below: the cache also keeps what was generated, and blocks that
    are not full.
    """

    def __init__(self, *, block_tokens: int, blocks: int) -> None:
        self._block_tokens = block_tokens
        self._blocks = blocks
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def cached(self, ids: Sequence[int]) -> int:
        """Tokens of a prompt that need not be computed: whole blocks, never the last token."""
        found = 0
        for digest in self._digests(ids[:-1]):
            if digest not in self._known:
                break
            self._known.move_to_end(digest)
            found += self._block_tokens
        return found

    def add(self, ids: Sequence[int]) -> None:
        """A prompt was computed."""
        # the last block first: when room is needed, a chain is given up from its end
        for digest in reversed(list(self._digests(ids))):
            self._known[digest] = None
            self._known.move_to_end(digest)
        while len(self._known) > self._blocks:
            self._known.popitem(last=False)

    def _digests(self, ids: Sequence[int]) -> Iterator[bytes]:
        digest = b""
        for end in range(self._block_tokens, len(ids) + 1, self._block_tokens):
            block = array("q", ids[end - self._block_tokens : end]).tobytes()
            digest = hashlib.blake2b(digest + block, digest_size=16).digest()
            yield digest
