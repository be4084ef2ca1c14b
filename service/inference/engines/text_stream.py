"""Text of a sequence of tokens that grows one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class IncrementalDetokenizer:
    """Decodes token by token, holding back characters that are not whole.

    ``decode`` gives the text of ids, special tokens left out; of bytes that are no character it
    makes U+FFFD or nothing. A token is decoded together with those before it, since a tokenizer
    spells the first piece of a text differently (sentencepiece drops its space).
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._window = 0
        self._read = 0
        self._text = ""

    def push(self, token: int) -> str:
        """Add a token and return what became readable."""
        self._ids.append(token)
        before = self._decode(self._ids[self._window : self._read])
        after = self._decode(self._ids[self._window :])
        if len(after) <= len(before) or after.endswith("\ufffd"):
            return ""
        self._window, self._read = self._read, len(self._ids)
        self._text += after[len(before) :]
        return after[len(before) :]

    def finish(self) -> tuple[str, str]:
        """Return what is left to read, and the whole text; of a character cut short, nothing."""
        whole = self._decode(self._ids).rstrip("\ufffd")
        rest = whole[len(self._text) :] if whole.startswith(self._text) else ""
        return rest, whole
