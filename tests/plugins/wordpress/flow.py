"""The editor's flow in the block editor, which every supported WordPress has to pass."""

from __future__ import annotations

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from tests.plugins.wordpress.articles import ARTICLE, SENTENCES
from tests.plugins.wordpress.conftest import open_panel
from tests.support.browser import accessibility_violations
from tests.support.wordpress import Site, open_editor


def brief_applied_undone_and_published(context: BrowserContext, wordpress: Site) -> None:
    """Make briefs, look at them side by side, edit, apply, undo, apply again, save, and read the
    page as a visitor does.
    """
    post = wordpress.post(ARTICLE, post_excerpt="As it was.")
    page = open_editor(context, wordpress, post)
    open_panel(page)
    page.get_by_role("button", name="Make briefs").click()
    expect(page.get_by_role("status").filter(has_text="The briefs are ready.")).to_be_visible()
    assert excerpt(page) == "As it was.", "nothing is applied without a click"

    page.get_by_role("button", name="Review side by side").click()
    review = page.get_by_role("dialog", name="Briefs")
    english = review.get_by_role("region", name="English")
    chinese = review.get_by_role("region", name="Chinese")
    at_rest(page)
    assert abs(english.bounding_box()["y"] - chinese.bounding_box()["y"]) < 2, "side by side"  # type: ignore[index]
    expect(english.get_by_role("listitem").filter(has_text=SENTENCES[0]).first).to_be_visible()
    expect(chinese.get_by_text("Machine translation")).to_be_visible()
    doubtful = chinese.get_by_role("listitem").filter(has_text="Doubtful").first
    expect(doubtful).to_be_visible()
    doubtful.get_by_text("In the article").click()
    expect(doubtful.get_by_role("blockquote")).to_have_text(SENTENCES[0])
    assert accessibility_violations(page) == []

    english.get_by_role("textbox").fill("The council pays for the bridge.")
    expect(english.get_by_text("6 words")).to_be_visible()
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()
    assert excerpt(page) == "The council pays for the bridge."
    english.get_by_role("button", name="Undo").click()
    expect(english.get_by_role("button", name="Undo")).to_be_hidden()
    assert excerpt(page) == "As it was."
    english.get_by_role("button", name="Apply").click()
    expect(english.get_by_role("button", name="Undo")).to_be_visible()

    chinese.get_by_role("textbox").fill("议会付 300 万。")
    expect(chinese.get_by_text("6 characters")).to_be_visible()
    for region, text in ((english, None), (chinese, "议会为大桥付钱。")):
        region.get_by_label("Apply to").select_option("block")
        if text:
            region.get_by_role("textbox").fill(text)
            expect(region.get_by_text("8 characters")).to_be_visible()
        region.get_by_role("button", name="Apply").click()
        expect(region.get_by_role("button", name="Undo")).to_be_visible()
    chinese.get_by_label("Apply to").select_option("description")
    chinese.get_by_role("button", name="Apply").click()
    expect(chinese.get_by_role("button", name="Undo")).to_be_visible()
    review.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Out of date")).to_have_count(0)
    save(page)

    public = httpx.get(f"{wordpress.url}/?p={post}", follow_redirects=True).text
    assert '<div class="jianbao-brief" lang="en"><p>The council pays for the bridge.</p>' in public
    assert '<div class="jianbao-brief" lang="zh-Hans"><p>议会为大桥付钱。</p>' in public
    assert '<meta name="description" content="议会为大桥付钱。" />' in public
    assert public.index('lang="en"><p>') < public.index('lang="zh-Hans"><p>'), "the site's first"
    assert wordpress.php("return get_post($given['post'])->post_excerpt;", post=post) == (
        "The council pays for the bridge."
    )
    receipt = wordpress.meta(post, "_jianbao_brief_en")
    assert receipt["generated"].startswith(SENTENCES[0])
    assert receipt["text"] == receipt["applied"]["excerpt"]["text"]
    assert receipt["edited"]
    assert receipt["applied"]["excerpt"]["by"] == receipt["made_by"] == 1
    assert len(receipt["hash"]) == 64
    assert wordpress.meta(post, "_jianbao_brief_zh")["sentences"][0]["check"] == "doubtful"


def at_rest(page: Page) -> None:
    """Wait until nothing moves: a text that fades in has no contrast yet."""
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")


def excerpt(page: Page) -> str:
    return str(page.evaluate("wp.data.select('core/editor').getEditedPostAttribute('excerpt')"))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_function("""() => {
        const editor = wp.data.select('core/editor');
        return ! editor.isSavingPost() && ! editor.isEditedPostDirty();
    }""")
