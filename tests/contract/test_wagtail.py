"""wagtail-localize's LibreTranslate backend, unchanged: a page of a CMS is submitted for
translation and translated by machine, as its editor's button does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from service.settings import Settings
from service.translation.fake import FakeTranslator
from tests.support.live import live
from tests.support.wagtail_site.setup import open_site
from tests.unit.web.apps import fake_app

_BODY = (
    "<h2>What is planned</h2>"
    '<p>A <b>budget</b> of <a href="https://news.test/?a=1&amp;b=2">$4.2 million</a> '
    "for R&amp;D; 3 &lt; 5.</p>"
    "<ul><li>The oldest bridge</li><li>A <i>new</i> tunnel</li></ul>"
)


@pytest.fixture(scope="module")
def translator() -> FakeTranslator:
    return FakeTranslator()


@pytest.fixture(scope="module")
def translated(translator: FakeTranslator) -> Iterator[Any]:
    """The Chinese page that came of the English one."""
    from django.test import override_settings

    app = fake_app(settings=Settings(bare_zh="zh-Hans"), translator=translator)
    with live(app) as address, open_site():
        backend = {
            "CLASS": "wagtail_localize.machine_translators.libretranslate.LibreTranslator",
            "OPTIONS": {"LIBRETRANSLATE_URL": address, "API_KEY": ""},
        }
        with override_settings(WAGTAILLOCALIZE_MACHINE_TRANSLATOR=backend):
            yield _translate_page()


def _translate_page() -> Any:
    # Django's models can be imported once it is configured
    from django.contrib.auth import get_user_model
    from wagtail.models import Locale, Page
    from wagtail_localize.machine_translators import get_machine_translator
    from wagtail_localize.models import Translation
    from wagtail_localize.operations import TranslationCreator
    from wagtail_localize.views.edit_translation import apply_machine_translation

    from tests.support.wagtail_site.models import Article

    english = Locale.objects.create(language_code="en")
    chinese = Locale.objects.create(language_code="zh-hans")
    root = Page.add_root(title="Root", slug="root", locale=english)
    page = Article(
        title="Bridges & tunnels",
        slug="bridges",
        standfirst="Work begins in March.\nIt costs < $5 million.",
        body=_BODY,
        locale=english,
    )
    root.add_child(instance=page)
    editor = get_user_model().objects.create_superuser("editor", "editor@news.test", "x")
    TranslationCreator(editor, [chinese]).create_translations(page)
    translation = Translation.objects.get()
    assert apply_machine_translation(translation.id, editor, get_machine_translator())
    translation.save_target(user=editor)
    assert translation.get_progress() == (7, 7)
    return Article.objects.get(locale=chinese)


def test_every_field_of_the_page_is_translated_with_its_markup(translated: Any) -> None:
    assert translated.title == "[zh-Hans] Bridges & tunnels"
    assert translated.slug == "zh-hans-bridges"
    assert translated.standfirst == "[zh-Hans] Work begins in March.\nIt costs < $5 million."
    assert translated.body == (
        "<h2>[zh-Hans] What is planned</h2>"
        '<p>[zh-Hans] A <b>budget</b> of <a href="https://news.test/?a=1&amp;b=2">$4.2 million</a> '
        "for R&amp;D; 3 &lt; 5.</p>"
        "<ul><li>[zh-Hans] The oldest bridge</li><li>[zh-Hans] A <i>new</i> tunnel</li></ul>"
    )


def test_the_page_travels_in_one_request_as_html_and_in_bare_chinese(
    translated: Any, translator: FakeTranslator
) -> None:
    (order,) = translator.orders
    assert order.markup == "html"
    assert (order.source, order.target, order.bare_zh) == ("en", "zh", "zh-Hans")
    assert order.texts == (
        "Bridges &amp; tunnels",
        "bridges",
        "Work begins in March.<br/>It costs &lt; $5 million.",
        "What is planned",
        'A <b>budget</b> of <a id="a1">$4.2 million</a> for R&amp;D; 3 &lt; 5.',
        "The oldest bridge",
        "A <i>new</i> tunnel",
    )
