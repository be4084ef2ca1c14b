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


def test_a_key_of_the_connectors_page_is_used_and_shown_to_nobody(wordpress: Site) -> None:
    """Connectors came with 7.0."""
    found = wordpress.php("""
        wp_set_current_user(1);
        $connector = wp_get_connector('jianbao');
        $ask = new WP_REST_Request('POST', '/wp/v2/settings');
        $setting = $connector['authentication']['setting_name'];
        $ask->set_body_params([$setting => 'a-long-secret-key']);
        $answer = rest_get_server()->dispatch($ask);
        $answer = apply_filters('rest_post_dispatch', $answer, rest_get_server(), $ask);
        $used = (new Jianbao\\Settings())->get('key');
        delete_option($setting);
        return [$connector['name'], json_encode($answer->get_data()), $used];
    """)
    assert found[0] == "Jianbao"
    assert "connectors_briefs_jianbao_api_key" in found[1]
    assert "a-long-secret-key" not in found[1]
    assert found[2] == "a-long-secret-key"
