"""The machine translator for wagtail-localize::

    WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "wagtail_jianbao.translators.JianbaoTranslator",
        "OPTIONS": {"TIMEOUT": 60},
    }

The service is that of the default site's settings, unless ``OPTIONS`` name a ``URL`` and an
``API_KEY``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from wagtail.models import Site
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.strings import StringValue

from wagtail_jianbao.client import Client
from wagtail_jianbao.conf import Connection, checked_url, connection_of
from wagtail_jianbao.languages import language_of, same_markup, tag_of
from wagtail_jianbao.models import JianbaoSettings

log = logging.getLogger(__name__)

_TIMEOUT = 60


class JianbaoTranslator(BaseMachineTranslator):
    """Translates all strings of a page in one request, into the script that the locale names."""

    display_name = "Jianbao"

    def translate(
        self, source_locale: Any, target_locale: Any, strings: Iterable[Any]
    ) -> dict[Any, Any]:
        """Return the translations by their strings. One that lost a tag or a placeholder is left
        out: its string stays to be translated by a person.

        Raises:
            JianbaoError: the service cannot be used, or gave another number of texts.
        """
        strings = list(strings)
        translated = Client(self._connection()).translate(
            [string.data for string in strings],
            tag_of(source_locale.language_code),
            tag_of(target_locale.language_code),
            float(self.options.get("TIMEOUT", _TIMEOUT)),
        )
        kept = {
            string: StringValue(text)
            for string, text in zip(strings, translated, strict=True)
            if same_markup(string.data, text)
        }
        if len(kept) < len(strings):
            log.warning("%d of %d strings lost markup", len(strings) - len(kept), len(strings))
        return kept

    def can_translate(self, source_locale: Any, target_locale: Any) -> bool:
        """Between English and Chinese, in either direction."""
        source, target = tag_of(source_locale.language_code), tag_of(target_locale.language_code)
        return bool(source and target) and language_of(source) != language_of(target)

    def _connection(self) -> Connection:
        if url := self.options.get("URL"):
            return Connection(checked_url(url), self.options.get("API_KEY", ""))
        site = Site.objects.filter(is_default_site=True).first()
        return connection_of(JianbaoSettings.for_site(site) if site else None)
