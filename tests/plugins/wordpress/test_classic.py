"""The meta box of the classic editor, and types of posts that other plugins bring."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.plugins.wordpress.articles import ARTICLE, CLASSIC, SENTENCES
from tests.plugins.wordpress.conftest import open_panel
from tests.plugins.wordpress.running import Running
from tests.support.browser import accessibility_violations
from tests.support.wordpress import Site, open_editor, site
from tests.support.wordpress_packages import NEWEST, STABLE, Release

_CLASSIC_AND_TYPES = """<?php
// what the plugin "Classic Editor" does for posts
add_filter('use_block_editor_for_post_type', fn($use, $type) => $type !== 'post' && $use, 10, 2);
add_action('init', fn() => register_post_type('dispatch', [
    'label' => 'Dispatches', 'public' => true, 'show_in_rest' => true,
    'supports' => ['title', 'editor'], // no excerpt, no custom fields
]));
"""


@pytest.fixture(scope="module", params=[STABLE, NEWEST], ids=["stable", "newest"])
def release(request: pytest.FixtureRequest) -> Release:
    """Both versions that the plugin is tried on."""
    chosen: Release = request.param
    return chosen


@pytest.fixture(scope="module")
def wordpress(
    release: Release, service: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site whose posts are edited in the classic editor."""
    with site(release, tmp_path_factory.mktemp("wordpress")) as started:
        (started.folder / "wp-content/mu-plugins/classic.php").write_text(_CLASSIC_AND_TYPES)
        started.configure(url=service.url)
        yield started


def test_the_meta_box_has_the_same_flow(chief: BrowserContext, wordpress: Site) -> None:
    post = wordpress.post(CLASSIC + "\n\n[jianbao_brief]", post_excerpt="As it was.")
    page = _classic(chief, wordpress, post)
    page.get_by_role("button", name="Make briefs").click()
    page.get_by_text("The briefs are ready.").wait_for()
    english = page.get_by_role("region", name="English")
    chinese = page.get_by_role("region", name="Chinese")
    assert abs(english.bounding_box()["y"] - chinese.bounding_box()["y"]) < 2  # type: ignore[index]
    expect(chinese.get_by_text("Doubtful").first).to_be_visible()
    assert accessibility_violations(page, "#jianbao") == []

    english.get_by_role("textbox").fill("The council pays for the bridge.")
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    assert page.locator("#excerpt").input_value() == "The council pays for the bridge."
    english.get_by_role("button", name="Undo").click()
    expect(english.get_by_role("button", name="Undo")).to_be_hidden()
    assert page.locator("#excerpt").input_value() == "As it was."
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    english.get_by_label("Apply to").select_option("field")
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    page.locator("#publish").click()
    page.get_by_text("Post updated.").wait_for()

    assert wordpress.php("return get_post($given['post'])->post_excerpt;", post=post) == (
        "The council pays for the bridge."
    )
    public = httpx.get(f"{wordpress.url}/?p={post}", follow_redirects=True).text
    assert '<div class="jianbao-brief" lang="en"><p>The council pays for the bridge.</p>' in public
    assert wordpress.log() == ""


def test_text_that_was_typed_and_not_saved_is_briefed(
    chief: BrowserContext, wordpress: Site
) -> None:
    post = wordpress.post("Short.")
    page = _classic(chief, wordpress, post)
    page.locator("#content-html").click()
    page.locator("#content").fill(CLASSIC)
    page.get_by_role("button", name="Make briefs").click()
    page.get_by_text("The briefs are ready.").wait_for()
    expect(page.get_by_role("region", name="English").get_by_role("textbox")).to_have_value(
        re.compile("^" + re.escape(SENTENCES[0]))
    )
    assert wordpress.php("return get_post($given['post'])->post_content;", post=post) == "Short."


def test_a_custom_post_type_without_excerpt_and_custom_fields_has_the_panel(
    chief: BrowserContext, wordpress: Site
) -> None:
    post = wordpress.post(ARTICLE, post_type="dispatch")
    page = open_editor(chief, wordpress, post)
    open_panel(page)
    page.get_by_role("button", name="Make briefs").click()
    page.get_by_text("The briefs are ready.").first.wait_for()
    english = page.get_by_role("region", name="English")
    assert english.get_by_label("Apply to").locator("option").all_inner_texts() == [
        "Brief block",
        "Custom field",
        "SEO description",
    ]
    english.get_by_label("Apply to").select_option("field")
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    assert wordpress.meta(post, "jianbao_brief_en").startswith(SENTENCES[0])
    english.get_by_role("button", name="Undo").click()
    expect(english.get_by_role("button", name="Undo")).to_be_hidden()
    assert wordpress.meta(post, "jianbao_brief_en") == ""


def _classic(context: BrowserContext, wordpress: Site, post: int) -> Page:
    page = context.new_page()
    page.goto(f"{wordpress.url}/wp-admin/post.php?post={post}&action=edit")
    page.get_by_role("button", name="Make briefs").wait_for()
    return page
