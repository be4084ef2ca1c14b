"""Cleaning text from clients for all further processing."""

from __future__ import annotations

import re
import unicodedata

from service.text.verbatim import emoji

_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Unicode's Default_Ignorable_Code_Point: zero-width and bidi controls, fillers, variation
# selectors, tags. They are invisible to readers but not to a model, so instructions may hide there.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]+")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_NEWLINE = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")


def clean(text: str) -> str:
    """Make any string valid, visible Unicode in NFC; idempotent, and never raises.

    Lone surrogates and control characters become a space, invisible characters are removed, every
    kind of line break becomes ``\\n`` (two at most in a row), every run of other whitespace one
    space, and the ends are trimmed.

    NFC and not NFKC: full-width digits, ``²`` and ``½`` stay as the author wrote them, so that a
    number in a brief can be compared with the article's.
    """
    text = visible(_NEWLINE.sub("\n", text))
    text = _SPACES.sub(" ", text)
    text = _AROUND_NEWLINE.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def visible(text: str) -> str:
    """Make any string valid, visible Unicode in NFC, as :func:`clean` does, but keep its white
    space. Invisible characters are kept where they join several characters to one emoji.
    """
    parts: list[str] = []
    at = 0
    for start, end in emoji(text):
        parts += [_INVISIBLE.sub("", text[at:start]), text[start:end]]
        at = end
    parts.append(_INVISIBLE.sub("", text[at:]))
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub(" ", "".join(parts)))
