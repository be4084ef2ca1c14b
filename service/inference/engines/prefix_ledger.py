"""What a prefix cache that does not say what it found must hold, by the rule that it works by."""

from __future__ import annotations

import hashlib
import itertools
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence


class PrefixLedger:
    """Follows a cache of keys and values that is kept in blocks of ``block_tokens`` tokens, each
    known by its tokens and all before them, ``blocks`` in all. When there is none left, the block
    that was taken or found longest ago is given up: of a prompt the first, without which the rest
    is not found.

    What it says is an estimate: the cache also finds what was generated and blocks that are not
    full, keeps blocks in use, and gives them up for prompts that are cancelled halfway.
    """

    def __init__(self, *, block_tokens: int, blocks: int) -> None:
        self._block_tokens = block_tokens
        self._blocks = blocks
        self._taken: OrderedDict[bytes, None] = OrderedDict()
        self._nameless = itertools.count()

    def __len__(self) -> int:
        """Blocks that were ever used: none is given up while there are others."""
        return len(self._taken)

    def cached(self, ids: Sequence[int]) -> int:
        """Tokens of a prompt that need not be computed: whole blocks, never the last token."""
        found = 0
        for digest in self._digests(ids[:-1]):
            if digest not in self._taken:
                break
            self._taken.move_to_end(digest)
            found += self._block_tokens
        return found

    def add(self, ids: Sequence[int]) -> None:
        """A prompt was computed."""
        for digest in self._digests(ids):
            self._take(digest)

    def fill(self, blocks: int) -> None:
        """So many blocks were taken by what no prompt begins with, as generated text."""
        for _ in range(blocks):
            # shorter than a digest, so never taken for one
            self._take(next(self._nameless).to_bytes(8, "big"))

    def _take(self, key: bytes) -> None:
        self._taken[key] = None
        self._taken.move_to_end(key)
        if len(self._taken) > self._blocks:
            self._taken.popitem(last=False)

    def _digests(self, ids: Sequence[int]) -> Iterator[bytes]:
        digest = b""
        for end in range(self._block_tokens, len(ids) + 1, self._block_tokens):
            block = array("q", ids[end - self._block_tokens : end]).tobytes()
            digest = hashlib.blake2b(digest + block, digest_size=16).digest()
            yield digest
