"""A real article in WordPress, briefed by the default model, both briefs applied.

With ``TEST_IMAGES=docs/images`` it keeps a picture of each step there.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.plugins.wordpress.articles import blocks
from tests.plugins.wordpress.conftest import open_panel
from tests.plugins.wordpress.flow import at_rest, excerpt, save
from tests.support.real_service import ROOT, Service
from tests.support.wordpress import Site, open_editor, php_missing, signed_in, site
from tests.support.wordpress_packages import STABLE, Unobtainable

pytestmark = pytest.mark.real_model

MINUTES = 10 * 60_000
IMAGES = os.environ.get("TEST_IMAGES", "")
CLASSIC = "<?php add_filter('use_block_editor_for_post_type', fn($u, $t) => $t !== 'page', 10, 2);"


@pytest.fixture(scope="module")
def wordpress(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that is set to the service with the default model."""
    missing = php_missing()
    if missing:
        pytest.skip(missing)
    try:
        with site(STABLE, tmp_path_factory.mktemp("wordpress")) as started:
            started.configure(url=service.address)
            yield started
    except Unobtainable as why:
        pytest.skip(str(why))


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture, with few colours: that halves its size."""
    if IMAGES:
        at_rest(page)
        page.mouse.move(1000, 846)  # the footer, where nothing opens
        shot = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
        few = shot.quantize(128, dither=Image.Dither.NONE)
        few.save(ROOT / IMAGES / f"wordpress-{name}.png", optimize=True)


def apply(region: Locator, target: str) -> str:
    """Apply the brief of a language; its text."""
    region.get_by_label("Apply to").select_option(target)
    region.get_by_role("button", name="Apply").click()
    expect(region.get_by_role("button", name="Undo")).to_be_visible(timeout=60_000)
    return region.get_by_role("textbox").input_value()


def test_both_briefs_of_a_real_article_are_applied_and_published(
    browser: Browser, wordpress: Site
) -> None:
    seed = json.loads((ROOT / "seeds/china-technology.json").read_text())
    content = blocks(*(part for part in seed["text"].split("\n") if part.strip()))
    post = wordpress.post(content, title="Xi calls for faster development of technology")
    context = signed_in(browser, wordpress, viewport={"width": 1360, "height": 860})
    page = open_editor(context, wordpress, post)
    open_panel(page)
    make = page.get_by_role("button", name="Make briefs")
    make.scroll_into_view_if_needed()
    picture(page, "1-panel")
    make.click()
    page.get_by_role("button", name="Cancel").wait_for()
    if IMAGES:
        page.wait_for_timeout(2000)
    picture(page, "2-progress")
    expect(page.get_by_text("The briefs are ready.").first).to_be_visible(timeout=MINUTES)
    picture(page, "3-ready")
    page.get_by_role("button", name="Review side by side").click()
    review = page.get_by_role("dialog", name="Briefs")
    english = review.get_by_role("region", name="English")
    chinese = review.get_by_role("region", name="Chinese")
    picture(page, "4-side-by-side")
    first = apply(english, "excerpt")
    apply(english, "block")
    second = apply(chinese, "block")
    english.get_by_text("Receipt").click()
    english.get_by_role("button", name="Undo").scroll_into_view_if_needed()
    picture(page, "5-applied")
    review.get_by_role("button", name="Close").click()
    assert excerpt(page) == first
    picture(page, "6-block")
    save(page)

    assert first.startswith("China must accelerate its science and technology development")
    assert len(re.findall("[\u4e00-\u9fff]", second)) > len(second) / 2
    public = httpx.get(f"{wordpress.url}/?p={post}", follow_redirects=True, timeout=60).text
    for language, text in (("en", first), ("zh-Hans", second)):
        assert f'<div class="jianbao-brief" lang="{language}"><p>{text[:10]}' in public
    for language in ("en", "zh"):
        receipt = wordpress.meta(post, f"_jianbao_brief_{language}")
        assert receipt["text"] == receipt["generated"]
        assert receipt["model"] == ("default" if language == "zh" else "")
        assert receipt["machine_translated"] is (language == "zh")
        assert all(one["source"] for one in receipt["sentences"])
    assert wordpress.log() == ""
    if IMAGES:
        page.goto(f"{wordpress.url}/?p={post}")
        picture(page, "7-published")
        _more_pictures(page, wordpress, post)
    context.close()


def _more_pictures(page: Page, wordpress: Site, post: int) -> None:
    """Of what other tests try: settings, a batch, the classic editor, Chinese."""
    page.goto(f"{wordpress.url}/wp-admin/options-general.php?page=jianbao")
    page.get_by_role("button", name="Test connection").click()
    page.get_by_text("Connected.").wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    picture(page, "8-settings", whole=True)

    (wordpress.folder / "wp-content/mu-plugins/classic.php").write_text(CLASSIC)
    text = wordpress.php("return wp_strip_all_tags(get_post($given['id'])->post_content);", id=post)
    classic = wordpress.post(text, title="The same in the classic editor", post_type="page")
    page.goto(f"{wordpress.url}/wp-admin/post.php?post={classic}&action=edit")
    page.get_by_role("button", name="Make briefs").click()
    page.get_by_text("The briefs are ready.").wait_for(timeout=MINUTES)
    page.locator("#jianbao").evaluate("box => box.scrollIntoView()")
    picture(page, "9-classic")

    wordpress.configure(languages=["en"])
    wordpress.post("Too short.", title="A short one")
    page.goto(f"{wordpress.url}/wp-admin/edit.php")
    page.locator("#cb-select-all-1").check()
    page.locator("#bulk-action-selector-top").select_option("jianbao_make")
    page.locator("#doaction").click()
    page.get_by_role("heading", name="done").wait_for(timeout=MINUTES)
    picture(page, "10-many-posts")
