"""The panel in the block editor, on the oldest WordPress that the plugin is for."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, expect

from tests.plugins.wordpress.articles import ARTICLE
from tests.plugins.wordpress.conftest import open_panel
from tests.plugins.wordpress.flow import brief_applied_undone_and_published, save
from tests.support.wordpress import Site, open_editor


def test_a_brief_is_made_reviewed_edited_applied_undone_saved_and_published(
    chief: BrowserContext, wordpress: Site
) -> None:
    brief_applied_undone_and_published(chief, wordpress)
    assert wordpress.log() == ""


def test_a_brief_of_text_that_has_changed_since_is_marked_out_of_date(
    chief: BrowserContext, wordpress: Site
) -> None:
    """At once in the editor, where it was made, and after the post was opened again."""
    post = wordpress.post(ARTICLE)
    page = open_editor(chief, wordpress, post)
    open_panel(page)
    page.get_by_role("button", name="Make briefs").click()
    page.get_by_text("The briefs are ready.").first.wait_for()
    expect(page.get_by_text("Out of date")).to_have_count(0)
    page.evaluate("""wp.data.dispatch('core/block-editor').insertBlock(
        wp.blocks.createBlock('core/paragraph', {content: 'The vote was repeated on Tuesday.'}))""")
    page.get_by_role("tab", name="Post").click()  # a chosen block takes the panel away
    expect(page.get_by_text("Out of date")).to_have_count(2)
    save(page)
    page.close()

    again = open_editor(chief, wordpress, post)
    open_panel(again)
    expect(again.get_by_text("Out of date")).to_have_count(2)
    again.get_by_role("button", name="Make briefs").click()
    again.get_by_text("The briefs are ready.").first.wait_for()
    expect(again.get_by_text("Out of date")).to_have_count(0)

    english = again.get_by_role("region", name="English")
    made = english.locator(".jianbao-sentence")
    english.get_by_role("button", name="Shorter").click()
    expect(made).to_have_count(1)
    english.get_by_role("button", name="Longer").click()
    expect(made).not_to_have_count(1)
    english.get_by_role("textbox").fill("What a person wrote.")
    english.get_by_role("button", name="Bullets").click()
    expect(english.get_by_role("textbox")).to_have_value(re.compile(r"^[-*•]"))
    english.get_by_role("button", name="Put the edited text back").click()
    expect(english.get_by_role("textbox")).to_have_value("What a person wrote.")
    expect(again.get_by_text("Out of date")).to_have_count(0)
