"""Pages translated: by wagtail-localize's button, and into drafts where it is absent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from service.settings import Settings
from service.translation.fake import FakeTranslator
from tests.plugins.wagtail.misbehaving import Answer, Call, MisbehavingService
from tests.plugins.wagtail.newsroom import Newsroom
from tests.support.live import live
from tests.unit.web.apps import fake_app

_LOCALIZE = {"CLASS": "wagtail_jianbao.translators.JianbaoTranslator"}
_RICH = (
    '<h2 data-block-key="a1">Plans &amp; costs 😀</h2>'
    '<p data-block-key="b2">A <b>budget</b> of <a href="https://news.test/?a=1&amp;b=2">$4.2 '
    'million</a>, and <a linktype="page" id="3">more</a>.<br/>3 &lt; 5.</p>'
    '<embed embedtype="media" url="https://video.test/?v=1"/>'
    '<ul><li data-block-key="c3">The oldest <i>bridge</i></li>'
    '<li data-block-key="d4">東京</li></ul>'
    "<hr/>"
)
_BODY: list[tuple[str, Any]] = [
    ("heading", "What is planned < now 🚧"),
    ("text", _RICH),
    ("quote", {"words": 'It is "late".\nAt last & least.', "speaker": "Jane Hall"}),
    (
        "points",
        [
            {"type": "item", "value": "First", "id": "11111111-1111-1111-1111-111111111111"},
            {"type": "item", "value": "第二", "id": "22222222-2222-2222-2222-222222222222"},
        ],
    ),
    (
        "table",
        {
            "data": [["City", "2026"], ["Rivertown", "<13>"]],
            "first_row_is_table_header": True,
            "table_header_choice": "row",
        },
    ),
    ("embed", "https://video.test/1"),
    ("link", "https://news.test/elsewhere"),
    ("code", '<div class="map" data-x="Open">Map</div><script>start()</script>'),
]


@pytest.fixture(scope="module")
def translator() -> FakeTranslator:
    return FakeTranslator()


@pytest.fixture(scope="module")
def marking(translator: FakeTranslator) -> Iterator[str]:
    """The real service with a translator that only marks its texts."""
    settings = Settings(jobs_url="memory:", bare_zh="zh-Hant")
    with live(fake_app(settings=settings, translator=translator)) as address:
        yield address


def _localized(site: Newsroom, page: Any) -> Any:
    from django.contrib.auth import get_user_model
    from wagtail.models import Locale
    from wagtail_localize.machine_translators import get_machine_translator
    from wagtail_localize.models import Translation
    from wagtail_localize.operations import TranslationCreator
    from wagtail_localize.views.edit_translation import apply_machine_translation

    editor = get_user_model().objects.get(username="chief")
    chinese = Locale.objects.get(language_code="zh-hans")
    TranslationCreator(editor, [chinese]).create_translations(page)
    translation = Translation.objects.latest("pk")
    assert apply_machine_translation(translation.pk, editor, get_machine_translator())
    translation.save_target(user=editor)
    return translation


@override_settings(WAGTAILLOCALIZE_MACHINE_TRANSLATOR=_LOCALIZE)
def test_wagtail_localize_has_a_whole_page_translated_in_one_call_into_its_own_script(
    site: Newsroom, marking: str, translator: FakeTranslator
) -> None:
    site.serve_from(marking)
    translator.orders.clear()
    page = site.report("Bridges & tunnels", _BODY)
    translation = _localized(site, page)
    assert translation.get_progress()[0] == translation.get_progress()[1]
    (order,) = translator.orders
    assert (order.source, order.target, order.markup) == ("en", "zh-Hans", "html")
    made = translation.get_target_instance().specific
    assert made.title == "[zh-Hans] Bridges & tunnels"
    before, after = page.body.get_prep_value(), made.body.get_prep_value()
    assert _tree(before) == _tree(after)
    assert after[1]["value"].count('<a href="https://news.test/?a=1&amp;b=2">$4.2') == 1
    assert "[zh-Hans] The oldest <i>bridge</i>" in after[1]["value"]


@override_settings(WAGTAILLOCALIZE_MACHINE_TRANSLATOR=_LOCALIZE)
def test_a_string_that_lost_its_markup_is_left_for_a_person(
    site: Newsroom, misbehaving: MisbehavingService
) -> None:
    def answer(call: Call) -> Answer:
        texts = [re.sub(r"</?b>", "", text) for text in call.content["q"]]
        return Answer(200, {"translatedText": texts})

    misbehaving.answer = answer
    site.serve_from(misbehaving.address)
    body = "<p>A <b>bold</b> claim.</p><p>A calm one.</p>"
    translation = _localized(site, site.report("Claims", [("text", body)]))
    total, done = translation.get_progress()
    assert total - done == 1


@override_settings(WAGTAILLOCALIZE_MACHINE_TRANSLATOR=_LOCALIZE)
@pytest.mark.parametrize(
    "texts", [["one too few"], ["a", "b", "c", "d", "e"], "no list", [1, 2], None]
)
def test_another_number_of_texts_is_refused_and_translates_nothing(
    site: Newsroom, misbehaving: MisbehavingService, texts: Any
) -> None:
    from wagtail_jianbao.errors import WrongAnswer

    misbehaving.answer = lambda _: Answer(200, {"translatedText": texts})
    site.serve_from(misbehaving.address)
    with pytest.raises(WrongAnswer):
        _localized(site, site.report("Claims", [("text", "<p>One.</p><p>Two.</p>")]))


def test_only_english_and_chinese_are_offered() -> None:
    from wagtail.models import Locale

    from wagtail_jianbao.translators import JianbaoTranslator

    translator = JianbaoTranslator({})
    locale = {
        code: Locale(language_code=code) for code in ("en", "en-gb", "zh-hans", "zh-tw", "fr")
    }
    assert translator.can_translate(locale["en"], locale["zh-tw"])
    assert translator.can_translate(locale["zh-hans"], locale["en-gb"])
    assert not translator.can_translate(locale["zh-hans"], locale["zh-tw"])
    assert not translator.can_translate(locale["en"], locale["fr"])
    assert not translator.can_translate(locale["fr"], locale["en"])


def _translate(admin: Any, page: Any, target: str) -> Any:
    """Press the button and follow the work; the page that comes of it."""
    from wagtail.models import Page

    address = f"/admin/jianbao/translate/{page.pk}/{target}/"
    assert admin.get(address).status_code == 200
    for _ in range(30):
        told = admin.post(f"{address}step/").json()
        if not told["running"]:
            break
    pk = int(re.fullmatch(r"/admin/pages/(\d+)/edit/", told["next"])[1])  # type: ignore[index]
    return Page.objects.get(pk=pk).specific


def _tree(raw: Any) -> Any:
    """Blocks with all that is not their text: kinds, ids, tags, attributes, numbers, links."""
    if isinstance(raw, list):
        return [_tree(one) for one in raw]
    if isinstance(raw, dict):
        return {
            name: value if name in ("id", "type") else _tree(value) for name, value in raw.items()
        }
    if isinstance(raw, str) and re.search(r"<\w", raw):
        # wagtail-localize sorts attributes
        return [sorted(tag.strip("</>").split()) for tag in re.findall(r"<[^<>]+>", raw)]
    return None if isinstance(raw, str) and not raw.startswith("http") else raw


def _unmarked(raw: Any) -> Any:
    """What the translator's mark was put before, without it."""
    return json.loads(json.dumps(raw, ensure_ascii=False).replace("[zh-Hans] ", ""))


@override_settings(WAGTAIL_JIANBAO={"TRANSLATE_DRAFTS": True})
def test_without_wagtail_localize_a_draft_is_made_with_every_block_link_embed_and_table_intact(
    site: Newsroom, admin: Any, marking: str
) -> None:
    site.serve_from(marking)
    page = site.report("Bridges & tunnels", _BODY)
    made = _translate(admin, page, "zh-hans")
    assert not made.live
    assert made.title == "[zh-Hans] Bridges & tunnels"
    assert made.locale.language_code == "zh-hans"
    assert made.get_translations().get().pk == page.pk
    before, after = page.body.get_prep_value(), made.body.get_prep_value()
    assert _unmarked(after) == before
    text = after[1]["value"]
    assert text.startswith('[zh-Hans] <h2 data-block-key="a1">')
    assert '<embed embedtype="media" url="https://video.test/?v=1"/>' in text
    assert after[2]["value"]["words"] == '[zh-Hans] It is "late".\nAt last & least.'
    assert after[4]["value"]["data"][0] == ["[zh-Hans] City", "2026"]
    assert after[5:] == before[5:]
    page.refresh_from_db()
    assert (page.title, page.live) == ("Bridges & tunnels", True)


@override_settings(WAGTAIL_JIANBAO={"TRANSLATE_DRAFTS": True}, WAGTAIL_I18N_ENABLED=False)
def test_without_locales_a_plain_draft_is_made_that_names_its_original(
    site: Newsroom, admin: Any, marking: str
) -> None:
    site.serve_from(marking)
    page = site.note("Bridges", "One bridge.\n\nTwo bridges.")
    made = _translate(admin, page, "zh-Hans")
    assert not made.live
    assert made.text == "[zh-Hans] One bridge.\n\nTwo bridges."
    assert made.get_parent().pk == page.get_parent().pk
    shown = admin.get(f"/admin/pages/{made.pk}/edit/").content.decode()
    assert f'Machine translation of <a href="/admin/pages/{page.pk}/edit/">Bridges</a>' in shown


@override_settings(WAGTAIL_JIANBAO={"TRANSLATE_DRAFTS": True})
def test_a_translation_goes_on_where_it_stopped_when_the_service_comes_back(
    site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    site.serve_from(misbehaving.address)
    page = site.report("Bridges", [("heading", f"{number} " + "x" * 500) for number in range(3)])
    misbehaving.answer = lambda call: Answer(200, {"translatedText": call.content["q"]})
    address = f"/admin/jianbao/translate/{page.pk}/zh-hans/step/"
    assert admin.post(address).json()["running"]
    misbehaving.answer = lambda _: Answer(503)
    told = admin.post(address).json()
    assert (told["running"], told["problem"]) == (
        True,
        "Jianbao is starting: its model is still loading.",
    )
    misbehaving.answer = lambda call: Answer(200, {"translatedText": call.content["q"]})
    while (told := admin.post(address).json())["running"]:
        pass
    assert told["next"]
    sent = [text for call in misbehaving.calls for text in call.content["q"]]
    assert len([text for text in sent if text.startswith("0 ")]) == 1


@override_settings(WAGTAIL_JIANBAO={"TRANSLATE_DRAFTS": True})
def test_the_menu_of_a_page_offers_the_languages_that_it_does_not_have(
    site: Newsroom, admin: Any, marking: str
) -> None:
    site.serve_from(marking)
    page = site.note()
    link = f"/admin/jianbao/translate/{page.pk}/zh-hans/"
    edit = f"/admin/pages/{page.pk}/edit/"
    assert link in admin.get(edit).content.decode()
    with override_settings(WAGTAIL_JIANBAO={}):  # wagtail-localize does it
        assert link not in admin.get(edit).content.decode()
        assert admin.get(link).status_code == 302
    _translate(admin, page, "zh-hans")
    assert link not in admin.get(edit).content.decode()
    assert admin.get(link).status_code == 404


@override_settings(WAGTAIL_JIANBAO={"TRANSLATE_DRAFTS": True})
def test_who_may_not_edit_a_page_may_not_translate_it(site: Newsroom, marking: str) -> None:
    site.serve_from(marking)
    page = site.note()
    site.editor("translator", "add_page")
    response = site.signed_in("translator").post(
        f"/admin/jianbao/translate/{page.pk}/zh-hans/step/", HTTP_X_REQUESTED_WITH="XMLHttpRequest"
    )
    assert response.status_code == 403
