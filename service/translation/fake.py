"""A translator without a model, for tests of the code that calls one."""

from __future__ import annotations

from service.languages import language_of
from service.text.languages import detect
from service.translation.model import Order, Progress, Translated, Translation


class FakeTranslator:
    """A :class:`~service.translation.model.Translates` that puts the target language before each
    text (``[zh-Hans] Hello``), including its markup, and records the orders.
    """

    def __init__(self, error: Exception | None = None) -> None:
        self.orders: list[Order] = []
        self.timeouts: list[float | None] = []
        self._error = error

    async def translate(
        self, order: Order, *, progress: Progress | None = None, timeout: float | None = None
    ) -> Translated:
        """Answer at once, or raise the error that was given.

        Raises:
            Exception: the one given to the constructor.
        """
        self.orders.append(order)
        self.timeouts.append(timeout)
        if self._error:
            raise self._error
        if progress:
            progress(1.0)
        return Translated(tuple(_translate(text, order) for text in order.texts), model="fake")


def _translate(text: str, order: Order) -> Translation:
    seen = detect(text)
    script = {"Hans": "zh-Hans", "Hant": "zh-Hant"}.get(seen.script or "")
    language = order.source if order.source != "auto" else script or seen.language or "en"
    target = order.bare_zh if order.target == "zh" else order.target
    same = language_of(order.target) == language[:2] or not seen.language
    changed = text if same else f"[{target}] {text}"
    return Translation(
        changed, language, seen.confidence, alternatives=(changed,) * order.alternatives
    )
