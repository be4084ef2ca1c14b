"""The main flow on the newest WordPress, with what it has and 6.8 has not."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.plugins.wordpress.articles import ARTICLE, SENTENCES
from tests.plugins.wordpress.flow import brief_applied_undone_and_published
from tests.support.wordpress import Site
from tests.support.wordpress_packages import NEWEST, Release


@pytest.fixture(scope="module")
def release() -> Release:
    """WordPress 7.1 or newer, as Debian's sid has it."""
    return NEWEST


def test_the_main_flow_on_the_newest_wordpress(chief: BrowserContext, wordpress: Site) -> None:
    brief_applied_undone_and_published(chief, wordpress)
    assert wordpress.log() == ""


def test_an_ability_makes_briefs_for_who_may_edit_the_post_and_for_nobody_else(
    wordpress: Site,
) -> None:
    """The Abilities API came with 6.9."""
    post = wordpress.post(ARTICLE)
    run = """
        wp_set_current_user(get_user_by('login', $given['user'])->ID);
        $found = wp_get_ability('jianbao/make-briefs')->execute(['post_id' => $given['post']]);
        return is_wp_error($found) ? $found->get_error_code() : $found;
    """
    assert wordpress.php(run, user="helper", post=post) == "ability_invalid_permissions"
    made = wordpress.php(run, user="editor", post=post)
    assert made["briefs"]["en"]["text"].startswith(SENTENCES[0])
