"""XML's tags, made fit for a translator that reads HTML, and put back afterwards."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from service.text.elements import VOID

TAG_NAME: Final = re.compile(r"[A-Za-z_][\w.:-]*")

_CLOSED = re.compile(r"<([A-Za-z_][\w.:-]*+)((?:\s[^<>]*?)?)/>")
_OPENING = re.compile(r"<([A-Za-z_][\w.:-]*+)(?=[\s/>])([^<>]*>)")
_KEEP = ' translate="no"'


class Tagging(msgspec.Struct, frozen=True):
    """How the tags of a request's texts are to be read: as ``xml`` rather than HTML, and with the
    content of the tags ``ignored`` left as it is.
    """

    xml: bool = False
    ignored: frozenset[str] = frozenset()

    def to_html(self, text: str) -> str:
        """Return ``text`` as HTML means it: ``<x/>``, which HTML takes for an opening tag, with a
        closing one, and HTML's own ``translate="no"`` on the tags that are ignored.
        """
        if self.xml:
            text = _CLOSED.sub(_open_and_close, text)
        return _OPENING.sub(self._kept, text) if self.ignored else text

    def from_html(self, translated: str, source: str) -> str:
        """Undo in the translation what :meth:`to_html` did to ``source``."""
        if self.ignored and _KEEP not in source:
            translated = translated.replace(_KEEP, "")
        if self.xml:
            for closed in {found[0]: found for found in _CLOSED.finditer(source)}.values():
                translated = translated.replace(_open_and_close(closed), closed[0])
        return translated

    def _kept(self, tag: re.Match[str]) -> str:
        name = tag[1] if self.xml else tag[1].lower()
        return f"<{tag[1]}{_KEEP}{tag[2]}" if name in self.ignored else tag[0]


def _open_and_close(closed: re.Match[str]) -> str:
    name, attributes = closed[1], closed[2].rstrip()
    return closed[0] if name.lower() in VOID else f"<{name}{attributes}></{name}>"
